import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { breaches, type SourceFile } from './support/architecture.ts';
import { importsOf } from './support/imports.ts';

const src = new URL('../src/', import.meta.url);
const Package = z.object({ dependencies: z.record(z.string(), z.string()) });

function productionDependencies(): string[] {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return Object.keys(Package.parse(JSON.parse(text)).dependencies);
}

function sources(): SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[cm]?tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(new URL(path, src), 'utf8') }));
}

test('the source keeps to its rooms', () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(50);
  expect(breaches(files, productionDependencies())).toEqual([]);
});

const dependencies = ['@slack/bolt', '@aws-sdk/client-sqs', 'dayjs', 'pino'];

/** The breaches of some files that hold nothing but what is given. */
function breachesOf(files: Record<string, string>): string[] {
  return breaches(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    dependencies,
  );
}

describe('the rules catch', () => {
  test.each([
    ['domain/a.ts', "import '../operations/b.ts';", 'domain may not import operations'],
    ['domain/a.ts', "import type { B } from '../config/b.ts';", 'domain may not import config'],
    ['operations/a.ts', "import { b } from '../aws/b.ts';", 'operations may not import aws'],
    ['aws/a.ts', "export * from '../slack/b.ts';", 'aws may not import slack'],
    ['slack/a/b.ts', "import {\n  b,\n} from '../../watching/b.ts';", 'slack may not import watching'],
    ['watching/a.ts', "const b = await import('../aws/b.ts');", 'watching may not import aws'],
    ['config/a.ts', "type B = import('../operations/b.ts').B;", 'config may not import operations'],
    ['sandbox/a.ts', "import { b } from '../domain/b.ts';", 'sandbox may not import domain'],
    ['slack/a.ts', "import { b } from '../entry/b.ts';", 'slack may not import entry'],
    ['slack/a.ts', "import { b } from '../../test/b.ts';", 'slack may not import ..'],
  ])('a door between rooms: %s with %s', (path, text, breach) => {
    expect(breachesOf({ [path]: text })).toEqual([expect.stringMatching(`${breach}$`)]);
  });

  test.each([
    ['entry/a.ts', '@slack/bolt', 'belongs to slack'],
    ['operations/a.ts', '@aws-sdk/client-sqs', 'belongs to aws'],
    ['sandbox/a.ts', '@aws-sdk/client-sqs', 'belongs to aws'],
    ['entry/a.ts', 'node:sqlite', 'belongs to watching'],
    ['slack/a.ts', 'node:process', 'belongs to entry'],
    ['aws/a.ts', 'pino', 'belongs to entry'],
    ['entry/a.ts', 'react', 'which is no production dependency'],
    ['slack/a.ts', 'ws', 'which is no production dependency'],
    ['domain/a.ts', 'node:path', 'domain stays free of Node'],
  ])('a package in the wrong room: %s with %s', (path, name, breach) => {
    expect(breachesOf({ [path]: `import x from '${name}';` })).toEqual([
      expect.stringMatching(`^${path} imports ${name}.*${breach}$`),
    ]);
  });

  test('a second way to ask AWS', () => {
    const text = "import { AwsClient } from 'aws4fetch';";
    const files = [
      { path: 'aws/a.ts', text },
      { path: 'entry/lambda-front-aws.ts', text },
    ];
    expect(breaches(files, ['aws4fetch'])).toEqual([
      'aws/a.ts imports aws4fetch, which only entry/lambda-front-aws.ts may',
    ]);
  });

  test('a package of the sandbox elsewhere, also when it is a production dependency', () => {
    expect(breaches([{ path: 'entry/a.ts', text: "import 'react-dom/client';" }], ['react-dom'])).toEqual([
      'entry/a.ts imports react-dom/client, which belongs to sandbox',
    ]);
  });

  test.each([
    ['slack/a.ts', 'const a = process.env.HOME;', 'slack/a.ts reads the environment'],
    ['aws/a.ts', "const { HOME } = process['env'];", 'aws/a.ts reads the environment'],
    ['domain/a.ts', 'const now = Date.now();', 'domain/a.ts reads the clock or draws lots'],
    ['domain/a.ts', 'const now = new Date();', 'domain/a.ts reads the clock or draws lots'],
    ['domain/a.ts', 'const now = new Date;', 'domain/a.ts reads the clock or draws lots'],
    ['domain/a.ts', 'const now = dayjs();', 'domain/a.ts reads the clock or draws lots'],
    ['domain/a.ts', 'const lot = Math.random();', 'domain/a.ts reads the clock or draws lots'],
    ['domain/a.ts', '\n'.repeat(251), 'domain/a.ts has 251 lines; 250 are the most'],
    ['domain/aB.ts', '', 'domain/aB.ts is not kebab-case'],
    ['domain/My/a.ts', '', 'domain/My/a.ts is not kebab-case'],
    ['helpers/a.ts', '', 'helpers/a.ts is in no room'],
    ['entry/a.ts', 'await import(name);', 'entry/a.ts imports something whose name is computed'],
    [
      'entry/a.ts',
      `await import('../slack/' + name);`,
      'entry/a.ts imports something whose name is computed',
    ],
  ])('%s with %j', (path, text, breach) => {
    expect(breachesOf({ [path]: text })).toContain(breach);
  });

  test('a cycle', () => {
    expect(
      breachesOf({
        'domain/a.ts': "import './b.ts';",
        'domain/b.ts': "import { type C, c } from './c/c.ts';",
        'domain/c/c.ts': "export { b } from '../b.ts';\nimport type { A } from '../a.ts';",
      }),
    ).toEqual(['a cycle of imports: domain/b.ts → domain/c/c.ts → domain/b.ts']);
  });

  test('the sandbox in what runs in production', () => {
    const files = { 'sandbox/s.ts': '', 'entry/demo.ts': "import '../sandbox/s.ts';" };
    expect(breachesOf(files)).toEqual([]);
    expect(
      breachesOf({ ...files, 'entry/server.ts': "import '../sandbox/s.ts'; import './demo.ts';" }),
    ).toEqual([
      'entry/server.ts imports sandbox/s.ts, which is for the demo',
      'entry/server.ts imports entry/demo.ts, which is for the demo',
    ]);
  });
});

test('the rules let pass what is allowed', () => {
  expect(
    breachesOf({
      'domain/a.ts': "import dayjs from 'dayjs';\nconst at = new Date(0);",
      'aws/b.ts': "import { SQSClient } from '@aws-sdk/client-sqs';\nimport '../domain/a.ts';",
      'entry/c.ts': "import '../aws/b.ts';\nconst { HOME } = process.env;\nimport pino from 'pino';",
      'sandbox/d/e.tsx': "import { useState } from 'react';",
      'domain/g.ts': "/** It differs from `status`. */ import type { H } from './h.ts';",
      'domain/h.ts': "import { g } from './g.ts';",
      'slack/f.ts': "const a = import.meta.url;\nconst b = Array.from(['c']);",
    }),
  ).toEqual([]);
});

test('every way to name a module is seen', () => {
  const source = `import a from 'a';import{b}from"b"
    import 'c'; export * from 'd'; export { e } from /* why */ 'e';
    import // why
    type { F } from 'f'; const g = await import( 'g' ); type H = typeof import('h');
    import i = require('i'); const j = import(\`j\`); import k from 'k' with { type: 'json' };`;
  expect(importsOf(source)).toEqual([...'abcdefghijk']);
});
