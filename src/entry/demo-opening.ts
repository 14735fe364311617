import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';

const patienceMs = 30_000;

/** What has happened in the first channel when somebody opens the page: an alarm, and the card of a redrive that runs. */
export async function playOpening(slack: Pick<LocalSlack, 'perform' | 'until'>): Promise<void> {
  const says = (text: string) =>
    slack.perform({ do: 'send', person: 'U0GRACE', channel: 'C0INCIDENTS', text });
  await says('ALARM: "payments-dlq-not-empty" in EU (Ireland). Who looks into it?');
  await says('/dlq-tasks watch orders-dlq');
  await slack.until(
    ({ messages, bot }) =>
      messages.find(({ channel, author }) => channel === 'C0INCIDENTS' && author === bot.userId),
    patienceMs,
  );
}
