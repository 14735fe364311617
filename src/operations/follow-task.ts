import type { Queue } from '../domain/queue.ts';
import { decide } from '../domain/watch/decide.ts';
import { sightingOf } from '../domain/watch/sighting.ts';
import type { Notice } from '../domain/watch/telling.ts';
import { newWatch, type Watch } from '../domain/watch/watch.ts';
import type { WatchSettings } from '../domain/watch/watch-settings.ts';
import { type LookPorts, lookAt } from './watching/look.ts';

export type FollowPorts = LookPorts & {
  settings: Pick<WatchSettings, 'minPollSeconds' | 'maxPollSeconds'>;
  /** 0 to 1, for the jitter. */
  random: () => number;
  /** Rejects when nobody wants to wait any longer. */
  pause: (ms: number) => Promise<void>;
};

/** What one look changed. Once the phase is `over`, nothing more comes. */
export type FollowStep = { watch: Watch; notices: Notice[] };

/**
 * Looks at one task until it has ended and its numbers have settled, at the pace of a watch, and with its words.
 * Nothing is kept: whoever goes away has to ask anew.
 */
export async function* followTask(
  queue: Queue,
  startedAt: number,
  ports: FollowPorts,
): AsyncGenerator<FollowStep, void> {
  const { clock, pause, random } = ports;
  const settings = { ...ports.settings, bounceBackAfterSeconds: [] };
  const nowhere = { channel: '', ts: '' };
  let watch = newWatch({ id: 'followed', queueArn: queue.arn, startedAt, card: nowhere, now: clock() });
  while (watch.phase !== 'over') {
    await pause(Math.max(0, watch.nextLookAt - clock()));
    const look = await lookAt(queue, [watch], ports);
    const sighting = sightingOf(look, startedAt);
    const decision = decide({ watch, sighting, now: clock(), settings, random: random() });
    watch = decision.watch;
    const notices = decision.tell.flatMap((telling) => (telling.kind === 'card' ? [] : [telling.notice]));
    yield { watch, notices };
  }
}
