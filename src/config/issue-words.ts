import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { quoted } from '../domain/wording.ts';
import type { Fault } from './fault.ts';
import type { YamlSource } from './yaml-source.ts';

/** A map with these keys only. `otherwise`: the message for something that is not a map. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, otherwise?: string) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, Object.keys(shape));
      return issue.input === undefined || issue.input === null ? undefined : otherwise;
    },
  });
}

/** One line for each key, in order. */
function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys
    .map((key) => {
      const near = known.find((name) => distance(key.toLowerCase(), name.toLowerCase()) <= 2);
      const hint = near ? `did you mean ${near}?` : `valid here: ${known.join(', ')}`;
      return `is not a setting; ${hint}`;
    })
    .join('\n');
}

/** zod's messages about wrong types, reworded for operators. */
export const wrongTypeInWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is missing';
  if (issue.input === null) return 'is empty; give it a value or remove the line';
  return mustBe[issue.expected];
};

const mustBe: Partial<Record<string, string>> = {
  string: 'must be text',
  array: 'must be a list, such as [one, two]',
  object: 'must be a map of names and values',
  record: 'must be a map of names and values',
  boolean: 'must be true or false',
};

export function faultsOfIssue(issue: z.core.$ZodIssue, source: YamlSource): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const said = issue.message.split('\n');
    return issue.keys.map((key, i) => source.faultAt([...issue.path, key], said[i] ?? issue.message));
  }
  return [source.faultAt(issue.path, withQuotes(issue, source) ?? issue.message)];
}

/** YAML reads 012345678901 as a number and `true` as a boolean unless they are quoted. */
function withQuotes(issue: z.core.$ZodIssue, source: YamlSource): string | undefined {
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return undefined;
  const written = source.writtenAt(issue.path);
  return written ? `must be text; put it in quotes: ${quoted(written)}` : undefined;
}
