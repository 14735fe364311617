import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { setDiskFull } from './full-disk.ts';

/** Preloaded into a server: on SIGUSR2 its machine becomes what the file says that FAULTS names. */
const Faults = z.object({ clockAheadMs: z.number(), diskFull: z.boolean() });

const { now } = Date;
let clockAheadMs = 0;
Date.now = () => now() + clockAheadMs;

process.on('SIGUSR2', () => {
  const faults = Faults.parse(JSON.parse(readFileSync(process.env['FAULTS'] ?? '', 'utf8')));
  clockAheadMs = faults.clockAheadMs;
  setDiskFull(faults.diskFull);
  process.stdout.write(`${JSON.stringify({ msg: 'faults are set', ...faults })}\n`);
});
