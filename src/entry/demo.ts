import { parseArgs } from 'node:util';
import { startStage } from './demo-stage.ts';
import { deliveredToEnd } from './process.ts';

const { values } = parseArgs({
  options: { socket: { type: 'boolean', default: false }, port: { type: 'string', default: '4400' } },
});

const port = Number(values.port);
if (!/^\d+$/.test(values.port) || port > 65_535) {
  process.stderr.write(`"${values.port}" is not a port. Use a number up to 65535.\n`);
  process.exit(2);
}

process.stdout.write('Starting the bot with a local Slack, SQS, and STS…\n');
const stage = await startStage({ socket: values.socket, port });
// What the page shows at first: an alarm, and the card of a running redrive.
const says = (text: string) =>
  stage.slack.perform({ do: 'send', person: 'U0GRACE', channel: 'C0INCIDENTS', text });
await says('ALARM: "payments-dlq-not-empty" in EU (Ireland). Can someone look into it?');
await says('/dlq-tasks watch orders-dlq');
await stage.slack.until(
  ({ messages, bot }) =>
    messages.find(({ channel, author }) => channel === 'C0INCIDENTS' && author === bot.userId),
  30_000,
);
process.stdout.write(`
  Open ${stage.url}
  A redrive of orders-dlq is running there: click Watch on its card.

  Try  /dlq-tasks webhooks-dlq   to see why a redrive failed
       /dlq-tasks redrive reports-dlq   as Ada, then switch to Grace and approve or decline it
       /dlq-tasks shipments-dlq 5
       /dlq-tasks
       @dlq-tasks payments-dlq   in the thread of Grace's message
       Check DLQ tasks           in the menu of Grace's message
  Or turn on "reports-dlq" under "Start a redrive" on the left, and open #queues.
  Press Ctrl-C to stop.
`);

await deliveredToEnd();
await stage.stop();
process.exit(0);
