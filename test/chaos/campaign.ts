import { setTimeout as sleep } from 'node:timers/promises';
import { messagesInWords } from '../../src/domain/wording.ts';
import { anyMoment, killAndRestart } from './kills.ts';
import { askForCard, type CardAt, clickUntilTaken } from './people.ts';
import type { Redrive, RedrivePlan } from './redrives.ts';
import { kindOf, saidOf } from './said.ts';
import type { Random } from './seeded-random.ts';
import type { Stage, StageQueue } from './stage.ts';

const [ann, bob] = ['UANN', 'UBOB'];

/** A card that people watch, and what must have been said about it in the end. */
export type Watched = { queue: StageQueue; redrive: Redrive; card: CardAt; watchers: string[] };

export type CampaignGiven = {
  random: Random;
  /** The redrives begin one after another during this time. */
  beginOverMs: number;
  /** How long redrives continue after all of their cards are watched. */
  lengthMs: [number, number];
  /** For how many redrives messages come back, and how long after people were notified of the end. */
  comeBack?: {
    share: number;
    afterMs: number /** After the end, or no poll sees it anymore. */;
    untilMs: number;
  };
};

/** One redrive per queue: people ask for its card in one or two channels and watch it; then it ends. */
export function watchThemAll(stage: Stage, { random: chance, ...given }: CampaignGiven): Promise<Watched[]> {
  const { queues, slack } = stage;
  const channels = slack.state().channels.map(({ id }) => id);
  const parts = queues.map(async (queue, index) => {
    const random = chance.fork();
    await sleep((given.beginOverMs * index) / queues.length);
    const redrive = stage.redrives.begin(planFor(queue, stage, { ...given, random }));
    const isIn = (offset: number) => channels[(index + offset) % channels.length] ?? '';
    const places = random.chance(0.4) ? [isIn(0), isIn(1)] : [isIn(0)];
    const watched = await Promise.all(
      places.map((channel) => watchOne(stage, { queue, redrive, channel, random })),
    );
    stage.redrives.endIn(redrive, random.between(...given.lengthMs));
    if (given.comeBack) comeBackOnceTold(stage, watched, given.comeBack);
    return watched;
  });
  return Promise.all(parts).then((watched) => watched.flat());
}

function planFor(
  { arn }: StageQueue,
  { clockMayOutliveProcess }: Stage,
  { random, comeBack }: CampaignGiven,
): RedrivePlan {
  const end = random.pick('COMPLETED', 'COMPLETED', 'FAILED', 'CANCELLED');
  const total = Math.round(random.between(100, 5_000));
  const moved = end === 'COMPLETED' ? total : Math.round(total * random.between(0.2, 0.9));
  const messages = Math.round(random.between(5, 50));
  return {
    arn,
    end,
    total,
    moved,
    // If the bot starts with another time of day, it assumes that the numbers have had time to settle.
    countsLateMs: clockMayOutliveProcess ? 0 : random.pick(0, 2_500),
    left: Math.round(random.between(2, 40)),
    ...(comeBack && random.chance(comeBack.share) && { comesBack: messages }),
  };
}

/**
 * Not only by the clock: on a slow machine the end, or what it left, may be seen late, and what came back
 * before that counts as left.
 */
function comeBackOnceTold(
  { slack, redrives }: Stage,
  watched: readonly Watched[],
  { afterMs, untilMs }: NonNullable<CampaignGiven['comeBack']>,
): void {
  const [{ redrive } = {}] = watched;
  if (redrive?.comesBack === undefined) return;
  const left = `${messagesInWords(redrive.left)} left in the DLQ`;
  const isDelivered = (one: Watched) =>
    saidOf(one, slack).some((said) => kindOf(said) === 'ended' && said.text.includes(left));
  const stopListening = slack.onChange(() => {
    if (!watched.every(isDelivered)) return;
    stopListening();
    if (Date.now() + afterMs < (redrive.endsAt ?? 0) + untilMs) redrives.comeBackIn(redrive, afterMs);
    else delete redrive.comesBack;
  });
}

type WatchGiven = Pick<Watched, 'queue' | 'redrive'> & { channel: string; random: Random };

/** Ann watches, sometimes with a double click; sometimes Bob does too, and sometimes he leaves again. */
async function watchOne({ slack }: Stage, { queue, redrive, channel, random }: WatchGiven): Promise<Watched> {
  const [isDouble, bobComes, bobGoes] = [random.chance(0.3), random.chance(0.5), random.chance(0.3)];
  const card = await askForCard(slack, ann, channel, queue.name);
  const clicks = (person: string, label: string) => clickUntilTaken(slack, person, card, label);
  await Promise.all([
    clicks(ann, 'Watch'),
    ...(isDouble ? [clicks(ann, 'Watch')] : []),
    ...(bobComes ? [clicks(bob, 'Watch')] : []),
  ]);
  if (bobComes && bobGoes) await clicks(bob, 'Unwatch');
  return { queue, redrive, card, watchers: bobComes && !bobGoes ? [ann, bob] : [ann] };
}

export async function killManyTimes(stage: Stage, random: Random, kills: number): Promise<void> {
  for (let killed = 0; killed < kills; killed += 1) await killAndRestart(stage, random, anyMoment(random));
  await stage.server.ready();
}
