import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isNewEnough, isRecent } from './new-enough.js';

/**
 * The start hook of `slack run`. It does not use npx, which exits on a signal without passing it on to the
 * bot.
 */
const ownNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

if (isRecent()) {
  // The tokens of the app that was chosen. Existing variables may belong to another app, and the CLI does not
  // replace them.
  const { SLACK_CLI_XAPP, SLACK_CLI_XOXB } = process.env;
  if (SLACK_CLI_XAPP) process.env.SLACK_APP_TOKEN = SLACK_CLI_XAPP;
  if (SLACK_CLI_XOXB) process.env.SLACK_BOT_TOKEN = SLACK_CLI_XOXB;
  const { run } = await import('./run.js');
  await run('server');
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [fileURLToPath(import.meta.url)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code === null ? 1 : code));
} else {
  isNewEnough('npm ci, then slack run');
}
