import { isRecord } from './json.ts';

/** The errors of a value, in Slack's format; an empty list if there are none. */
export type Rule = (value: unknown, at: string) => string[];

export const complaint = (says: string, at: string) => [`[ERROR] ${says} [json-pointer:${at}]`];

export const anything: Rule = () => [];

export const flag: Rule = (value, at) =>
  typeof value === 'boolean' ? [] : complaint('must be a boolean', at);

export const numeric: Rule = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? [] : complaint('must be a number', at);

/** A string that is not empty. */
export const upTo =
  (max: number, min = 1): Rule =>
  (value, at) => {
    if (typeof value !== 'string') return complaint('must be a string', at);
    if (value.length < min) return complaint(`must be more than ${min - 1} characters`, at);
    return value.length > max ? complaint(`must be less than ${max + 1} characters`, at) : [];
  };

export const oneOf =
  (...allowed: string[]): Rule =>
  (value, at) =>
    allowed.some((one) => one === value) ? [] : complaint(`must be one of: ${allowed.join(', ')}`, at);

export const list =
  (item: Rule, { min = 0, max }: { min?: number; max: number }): Rule =>
  (value, at) => {
    if (!Array.isArray(value)) return complaint('must be an array', at);
    if (value.length < min) return complaint(`no fewer than ${min} items allowed`, at);
    if (value.length > max) return complaint(`no more than ${max} items allowed`, at);
    return value.flatMap((one, index) => item(one, `${at}/${index}`));
  };

/** An object with these fields and no others; `byType` checks `type`. */
export const shape =
  (required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule =>
  (value, at) => {
    if (!isRecord(value)) return complaint('must be an object', at);
    const missing = Object.keys(required).filter((name) => value[name] === undefined);
    const rules: Record<string, Rule> = { type: anything, ...required, ...optional };
    const present = Object.entries(value).filter(([, held]) => held !== undefined);
    return [
      ...missing.flatMap((name) => complaint(`missing required field: ${name}`, at)),
      ...present.flatMap(([name, held]) => {
        const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
        return rule ? rule(held, `${at}/${name}`) : complaint(`invalid additional property: ${name}`, at);
      }),
    ];
  };

export const byType =
  (rules: Record<string, Rule>): Rule =>
  (value, at) => {
    if (!isRecord(value)) return complaint('must be an object', at);
    const type = value['type'];
    if (typeof type !== 'string') return complaint('missing required field: type', at);
    const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
    return rule ? rule(value, at) : complaint(`unsupported type: ${type}`, `${at}/type`);
  };

export const allOf =
  (...rules: Rule[]): Rule =>
  (value, at) =>
    rules.flatMap((rule) => rule(value, at));
