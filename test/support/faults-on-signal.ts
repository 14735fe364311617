import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { setDiskFull } from './full-disk.ts';

/** Preloaded into a server: at its start and on SIGUSR2, applies the faults in the file named by FAULTS. */
const Faults = z.object({ clockAheadMs: z.number(), diskFull: z.boolean() });

const file = process.env['FAULTS'] ?? '';
const { now } = Date;
let clockAheadMs = 0;
Date.now = () => now() + clockAheadMs;

function becomeAsTheFileSays() {
  const faults = Faults.parse(JSON.parse(readFileSync(file, 'utf8')));
  clockAheadMs = faults.clockAheadMs;
  setDiskFull(faults.diskFull);
  return faults;
}

if (existsSync(file)) becomeAsTheFileSays();
process.on('SIGUSR2', () => {
  process.stdout.write(`${JSON.stringify({ msg: 'faults are set', ...becomeAsTheFileSays() })}\n`);
});
