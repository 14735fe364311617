import { setTimeout as sleep } from 'node:timers/promises';
import { kindOf } from './said.ts';
import type { Random } from './seeded-random.ts';
import type { Stage } from './stage.ts';

type Sign = () => unknown;
type Moment = 'any' | 'while starting' | 'notice stored' | 'end stored' | 'card edited' | 'thread searched';

/**
 * Kills the server without warning, now or soon, and restarts it at once. A signal changes at the moment of
 * the kill.
 */
export function killAndRestart(
  stage: Stage,
  random: Random,
  moment: Moment | Sign,
  patienceMs = 700,
): Promise<void> {
  return stage.alone(() => killNow(stage, { random, patienceMs }, moment));
}

async function killNow(
  { slack, server }: Stage,
  { random, patienceMs }: Omit<Machine, 'slowness'>,
  moment: Moment | Sign,
): Promise<void> {
  if (moment !== 'while starting') await server.ready();
  const machine = { random, patienceMs, slowness: server.slowness() };
  await momentOf(slack, machine, moment, () => void server.kill());
  await server.kill();
  void server.start();
}

type Machine = { random: Random; slowness: number; patienceMs: number };

/**
 * `kill` is called while Slack stores the message: before it answers, and so before the answer can be
 * recorded.
 */
async function momentOf(
  slack: Stage['slack'],
  { random, slowness, patienceMs }: Machine,
  moment: Moment | Sign,
  kill: () => void,
): Promise<void> {
  // A server that is killed before it can have done anything proves nothing.
  const within = (from: number, to: number) => sleep(random.between(from, to) * slowness);
  if (moment === 'while starting') return within(0, 600);
  if (moment === 'any') return within(0, 400);
  const sign = typeof moment === 'function' ? moment : signOf(slack, moment);
  const before = sign();
  const { promise, resolve } = Promise.withResolvers<void>();
  const poll = () => {
    if (sign() === before) return;
    kill();
    resolve();
  };
  const stopListening = slack.onChange(poll);
  const looking = setInterval(poll, 2);
  await Promise.race([promise, within(300, patienceMs)]);
  stopListening();
  clearInterval(looking);
}

/** Something that changes at the right moment. */
function signOf(slack: Stage['slack'], moment: Moment): () => number {
  const messages = () => slack.state().messages;
  switch (moment) {
    case 'notice stored':
      return () => messages().filter((message) => kindOf(message) !== '').length;
    case 'end stored':
      return () => messages().filter((message) => kindOf(message) === 'ended').length;
    case 'card edited':
      return () => slack.callsOf('chat.update').length;
    default:
      return () => slack.callsOf('conversations.replies').length;
  }
}

export function anyMoment(random: Random): Moment {
  return random.pick<Moment>(
    'end stored',
    'notice stored',
    'any',
    'end stored',
    'card edited',
    'thread searched',
    'while starting',
  );
}
