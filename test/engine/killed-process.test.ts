import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bundleAt, compileCache } from '../support/bundles.ts';

const count = 60;

/**
 * Runs the process until `when` resolves, kills it without warning, and returns the watches that it had
 * acknowledged.
 */
async function runAndKill(args: string[], when: () => Promise<unknown>): Promise<string[]> {
  const child = spawn(process.execPath, [bundleAt('killed-process'), ...args], {
    env: { ...process.env, ...compileCache },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += String(chunk);
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  await when();
  child.kill('SIGKILL');
  await gone;
  return printed.split('\n').filter((line) => line !== '');
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

describe('a process that is killed again and again', () => {
  test('loses no watch that it acknowledged, and delivers each end once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'killed-'));
    const thread = join(folder, 'thread');
    const args = [join(folder, 'watches.sqlite'), thread, String(Date.now()), String(count)];
    const acknowledged: string[] = [];
    for (let kills = 0; kills < 12; kills += 1) {
      acknowledged.push(...(await runAndKill(args, () => sleep(250 + Math.random() * 500))));
    }
    const ended = () => linesOf(thread).filter((line) => line.startsWith('ended'));
    await runAndKill(args, () =>
      expect.poll(() => ended().length, { timeout: 15_000 }).toBeGreaterThanOrEqual(count),
    );

    const keys = linesOf(thread).map((line) => line.split(' ').at(-1));
    expect(keys).toEqual([...new Set(keys)]);
    // A lost watch would have begun again, and would have sent two notifications.
    expect(acknowledged).toEqual([...new Set(acknowledged)]);
    expect(
      ended()
        .map((line) => line.split(' ')[1])
        .sort(),
    ).toEqual(Array.from({ length: count }, (_, index) => `queue-${index}`).sort());
  }, 60_000);
});
