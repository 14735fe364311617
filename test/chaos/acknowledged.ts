import type { Watched } from './campaign.ts';
import { askForCard, clickUntilTaken } from './people.ts';
import type { Stage } from './stage.ts';

const ann = 'UANN';

/**
 * Ann watches one queue after another, and each time the server is killed at the very moment at which Slack
 * gets its acknowledgement.
 */
export async function killAtEachAcknowledgement(stage: Stage): Promise<Watched[]> {
  const { slack, server, queues } = stage;
  const watched: Watched[] = [];
  for (const [index, queue] of queues.entries()) {
    await server.ready();
    const total = 100 + index;
    const redrive = stage.redrives.begin({
      arn: queue.arn,
      end: 'COMPLETED',
      total,
      moved: total,
      countsLateMs: 0,
      left: 3,
    });
    const channel = `CTEAM${index % slack.state().channels.length}`;
    const card = await askForCard(slack, ann, channel, queue.name);
    await clickUntilTaken(slack, ann, card, 'Watch').then(() => void server.kill());
    void server.start();
    watched.push({ queue, redrive, card, watchers: [ann] });
  }
  await server.ready();
  for (const { redrive } of watched) stage.redrives.endIn(redrive, 0);
  return watched;
}
