import { nowhere } from '../../domain/message-place.ts';
import type { Queue } from '../../domain/queue.ts';
import type { WatchSettings } from '../../domain/settings.ts';
import { decide } from '../../domain/watch/decide.ts';
import type { Notification } from '../../domain/watch/notification.ts';
import { observationOf } from '../../domain/watch/observation.ts';
import { newWatch, type Watch } from '../../domain/watch/watch.ts';
import { type PollPorts, pollQueue } from './poll-queue.ts';

export type WatchTaskPorts = PollPorts & {
  settings: WatchSettings;
  /** 0 to 1, for the jitter. */
  random: () => number;
  /** Rejects when no one is waiting any longer. */
  pause: (ms: number) => Promise<void>;
};

/** What one poll changed. After the phase `over` nothing follows. */
export type WatchTaskStep = { watch: Watch; notifications: Notification[] };

/**
 * Polls one task until it has ended and its numbers have settled, as often as a watch does and with the same
 * notifications. Nothing is stored.
 */
export async function* watchTask(
  queue: Queue,
  startedAt: number,
  ports: WatchTaskPorts,
): AsyncGenerator<WatchTaskStep, void> {
  const { clock, pause, random } = ports;
  const settings = { ...ports.settings, bounceBackAfterSeconds: [] };
  let watch = newWatch({ id: 'followed', queueArn: queue.arn, startedAt, card: nowhere, now: clock() });
  while (watch.phase !== 'over') {
    await pause(Math.max(0, watch.nextPollAt - clock()));
    const poll = await pollQueue(queue, [watch], ports);
    const observation = observationOf(poll, startedAt);
    const decision = decide({ watch, observation, now: clock(), settings, random: random() });
    watch = decision.watch;
    const notifications = decision.send.flatMap((entry) =>
      entry.kind === 'card' ? [] : [entry.notification],
    );
    yield { watch, notifications };
  }
}
