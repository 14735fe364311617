import { setTimeout as sleep } from 'node:timers/promises';
import { parsePrometheus } from '../support/prometheus-text.ts';
import type { Watched } from './campaign.ts';
import { endsTold, expectedOf, leftInStore, outcomeOf } from './outcomes.ts';
import { toldTwice } from './said.ts';
import type { Stage } from './stage.ts';

const pending = ['dlq_tasks_watches', 'dlq_tasks_undelivered'];

/**
 * Waits until the bot has nothing left to do, stops it, and returns what people and operators see. A process that starts
 * with its clock back may wait for 37 s until it checks the numbers of a redrive that has ended, and what Slack has refused
 * five times is tried again after 80 s.
 */
export async function verdictOn(stage: Stage, watched: Watched[], withinMs = 100_000) {
  const { slack, server, log } = stage;
  const giveUpAt = Date.now() + withinMs;
  while (Date.now() < giveUpAt && !(await isOver(stage, watched))) await sleep(250);
  const exitCode = await server.stop();
  return {
    outcomes: watched.map((one) => outcomeOf(one, slack)),
    toldTwice: toldTwice(slack),
    ends: endsTold(slack),
    store: notDone(stage.database),
    leaks: log.leaks,
    exitCode,
  };
}

export function perfectFor(watched: Watched[]): Awaited<ReturnType<typeof verdictOn>> {
  return {
    outcomes: watched.map(expectedOf),
    toldTwice: [],
    ends: watched.length,
    store: { live: 0, undelivered: 0 },
    leaks: [],
    exitCode: 0,
  };
}

/** Finished rows are deleted after a day, which a changed clock may skip. */
function notDone(database: string) {
  const { live, undelivered } = leftInStore(database);
  return { live, undelivered };
}

async function isOver({ slack, port }: Stage, watched: Watched[]): Promise<boolean> {
  const isDelivered = watched.every(
    (one) => JSON.stringify(outcomeOf(one, slack)) === JSON.stringify(expectedOf(one)),
  );
  return isDelivered && (await hasNothingInHand(port()));
}

/** According to the bot's own metrics: people may see the right result while it is still being confirmed. */
async function hasNothingInHand(port: number): Promise<boolean> {
  const numbers = await fetch(`http://127.0.0.1:${port}/metrics`);
  const { samples } = parsePrometheus(await numbers.text());
  const counts = samples.filter(({ name }) => pending.includes(name));
  return counts.length > 0 && counts.every(({ value }) => value === 0);
}

/** Once all ends are announced: how many there are, and how many watches the bot has had. */
export async function endsAndKeys({ slack, server, database }: Stage, watched: Watched[], withinMs = 20_000) {
  await slack.until(() => endsTold(slack) >= watched.length || undefined, withinMs).catch(() => undefined);
  await server.stop();
  return { ends: endsTold(slack), toldTwice: toldTwice(slack), rows: leftInStore(database).watches };
}
