import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CliCall, type CliCommand, CliError, exitCodes } from './command.ts';

export const serveCommand: CliCommand = {
  name: 'serve',
  usage: '',
  gives: 'runs the bot, as npm start does',
  words: [0, 0],
  options: {},
  examples: ['serve'],
  async run({ ports }) {
    await ports.serve();
    return exitCodes.ok;
  },
};

export const demoCommand: CliCommand = {
  name: 'demo',
  usage: '',
  gives: 'runs the bot with a local Slack, SQS, and STS, from a clone of the project; no accounts needed',
  words: [0, 0],
  options: {
    socket: { type: 'boolean', gives: 'use Socket Mode' },
    port: { type: 'string', value: 'port', gives: 'the port of the page (4400)' },
  },
  examples: ['demo', 'demo --socket'],
  run: demo,
};

const script = fileURLToPath(new URL('../../bin/demo.js', import.meta.url));

/** Runs in its own process, so that production code never loads the demo. */
async function demo({ options: { socket, port }, env, interruption }: CliCall): Promise<number> {
  if (!existsSync(script)) {
    throw new CliError(
      'The demo is not part of the installed package. Clone the project and type npm run demo there.',
    );
  }
  // Ctrl-C reaches both processes; this one waits for the other to clean up.
  interruption();
  const given = [...(socket ? ['--socket'] : []), ...(typeof port === 'string' ? ['--port', port] : [])];
  const child = spawn(process.execPath, [script, ...given], { stdio: 'inherit', env });
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : exitCodes.interrupted;
}
