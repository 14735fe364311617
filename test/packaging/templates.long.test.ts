import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { faultsOf } from './validated.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../iam/${name}`, import.meta.url));

/** In one file, because the rules take seconds to load. */
const patiently = { timeout: 60_000 };

describe('a template for other accounts', () => {
  test.each(['status-role.yml', 'redrive-role.yml', 'forward-starts.yml'])(
    'is valid for CloudFormation: %s',
    patiently,
    (name) => {
      expect(faultsOf(pathOf(name))).toEqual({ status: 'OK', faults: [] });
    },
  );

  test('is validated by a tool that finds faults', patiently, () => {
    const wrong = join(mkdtempSync(join(tmpdir(), 'role-')), 'wrong.yml');
    const text = readFileSync(pathOf('status-role.yml'), 'utf8');
    writeFileSync(wrong, text.replace('!Ref RoleName', '!Ref RollName'));
    expect(faultsOf(wrong).faults).not.toEqual([]);
  });
});
