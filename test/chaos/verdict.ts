import { setTimeout as sleep } from 'node:timers/promises';
import type { Watched } from './campaign.ts';
import { endsTold, expectedOf, leftInStore, outcomeOf, toldTwice } from './outcomes.ts';
import { watchesNothing } from './people.ts';
import type { Stage } from './stage.ts';

const ann = 'UANN';

/** Waits until the bot has nothing left to do, ends it, and tells what people and operators find. */
export async function verdictOn(stage: Stage, watched: Watched[], withinMs = 30_000) {
  const { slack, server, log } = stage;
  const giveUpAt = Date.now() + withinMs;
  while (Date.now() < giveUpAt && !(await isOver(stage, watched))) await sleep(250);
  const exitCode = await server.stop();
  return {
    outcomes: watched.map((one) => outcomeOf(one, slack)),
    toldTwice: toldTwice(slack),
    ends: endsTold(slack),
    store: leftInStore(stage.database),
    leaks: log.leaks,
    exitCode,
  };
}

export function perfectFor(watched: Watched[]): Awaited<ReturnType<typeof verdictOn>> {
  return {
    outcomes: watched.map(expectedOf),
    toldTwice: [],
    ends: watched.length,
    store: { watches: watched.length, live: 0, untold: 0 },
    leaks: [],
    exitCode: 0,
  };
}

async function isOver({ slack }: Stage, watched: Watched[]): Promise<boolean> {
  const [first] = watched;
  const isTold = watched.every(
    (one) => JSON.stringify(outcomeOf(one, slack)) === JSON.stringify(expectedOf(one)),
  );
  return isTold && (!first || (await watchesNothing(slack, ann, first.card.channel)));
}

/** As soon as all ends are told: how many there are, and how many watches the bot has had. */
export async function endsAndKeys({ slack, server, database }: Stage, watched: Watched[], withinMs = 20_000) {
  await slack.until(() => endsTold(slack) >= watched.length || undefined, withinMs).catch(() => undefined);
  await server.stop();
  return { ends: endsTold(slack), toldTwice: toldTwice(slack), rows: leftInStore(database).watches };
}
