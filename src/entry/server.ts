import { secretsIn } from '../config/secret-variables.ts';
import { startBot, whyNotStarted } from './assemble.ts';
import { createLog } from './log.ts';
import { configured, deliveredToEnd, endIn, readableLines } from './process.ts';
import { redactor } from './redaction.ts';

const { environment, settings } = await configured(process.env);
const secrets = secretsIn(process.env);
const to = process.stdout.isTTY ? { to: await readableLines() } : {};
const log = createLog({ level: environment.logLevel, secrets, ...to });
process.on('unhandledRejection', (error) => log.error({ error }, 'unhandled rejection'));
process.on('uncaughtException', (error) => {
  log.error({ error }, 'uncaught exception; exiting');
  process.exit(1);
});

const result = deliveredToEnd();
const loggedSoon = result.then(() => undefined);
const bot = await Promise.race([startBot(environment, settings, log), loggedSoon]).catch((error: unknown) => {
  process.stderr.write(`dlq-tasks: ${redactor(secrets)(whyNotStarted(error, environment))}\n`);
  process.exit(1);
});
if (!bot) {
  log.info({ why: await result }, 'stopped while starting');
  process.exit(0);
}

const why = await Promise.race([result, bot.lost]);
log.info({ why }, 'stopping');
await endIn(60_000, bot.stop());
log.info({}, 'stopped');
process.exit(why.startsWith('SIG') ? 0 : 1);
