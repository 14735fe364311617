import type { WriteStream } from 'node:tty';
import { runCli } from '../cli/run-cli.ts';
import { paintWith } from '../cli/terminal.ts';
import { createCliPorts } from './cli-ports.ts';
import { createSteadyClock } from './steady-clock.ts';

/** https://no-color.org */
function wantsColors(stream: WriteStream): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

function outputTo(stream: WriteStream) {
  return {
    write: (text: string) => void stream.write(text),
    isTty: stream.isTTY === true,
    columns: stream.columns || 80,
    paint: paintWith(wantsColors(stream)),
  };
}

function interruption(): AbortSignal {
  const result = new AbortController();
  process.once('SIGINT', () => result.abort());
  return result.signal;
}

// The reader may close the pipe early, as `head` does.
process.stdout.on('error', () => process.exit());

const clock = createSteadyClock();
process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  out: outputTo(process.stdout),
  err: outputTo(process.stderr),
  clock,
  interruption,
  ports: createCliPorts({ clock }),
});
