import type { Watch } from '../../domain/watch/watch.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { DeliveryEvent } from './after-delivery.ts';

type SayPorts = {
  log: Log;
  metrics?: Metrics;
  rules: { queueOf: (arn: string) => { alias: string } | undefined };
};

/** One line in the log for what an operator may have to know. */
export function logDelivery(happened: DeliveryEvent, watch: Watch, { log, metrics, rules }: SayPorts): void {
  const { id, queueArn, card, watchers } = watch;
  const { alias } = rules.queueOf(queueArn) ?? {};
  const facts = { watch: id, queue: queueArn, ...(alias !== undefined && { alias }), channel: card.channel };
  if (happened.what === 'card update dropped' || happened.what === 'card gone') {
    metrics?.counted({ what: 'card update dropped' });
  }
  switch (happened.what) {
    case 'retried':
      log.warn({ ...facts, ...notificationFacts(happened) }, 'a notice could not be told and is tried again');
      break;
    case 'dropped':
      if (happened.notification.delivered > 0)
        log.warn({ ...facts, ...notificationFacts(happened) }, 'a notice keeps its first text');
      else
        log.error(
          { ...facts, watchers, ...notificationFacts(happened) },
          'a notice could not be told and is dropped',
        );
      break;
    case 'overtaken': {
      const keys = happened.notifications.map(({ key }) => key);
      log.warn({ ...facts, keys }, 'notices are dropped: the end was told before them');
      break;
    }
    case 'card update retried':
      log.warn({ ...facts, why: happened.why }, 'a card could not be edited and is tried again');
      break;
    case 'card update dropped':
      log.error({ ...facts, watchers, why: happened.why }, 'a card could not be edited and stays as it is');
      break;
    case 'card gone':
      log.warn({ ...facts, why: happened.why }, 'a card is gone, and the watch goes on without it');
      break;
  }
}

function notificationFacts({ notification, why }: Extract<DeliveryEvent, { what: 'retried' | 'dropped' }>) {
  return { key: notification.key, ...(notification.direct && { person: notification.direct.user }), why };
}
