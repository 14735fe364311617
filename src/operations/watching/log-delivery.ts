import type { Watch } from '../../domain/watch/watch.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { DeliveryEvent } from './after-delivery.ts';

type SayPorts = {
  log: Log;
  metrics?: Metrics;
  rules: { queueOf: (arn: string) => { alias: string } | undefined };
};

export function logDelivery(happened: DeliveryEvent, watch: Watch, { log, metrics, rules }: SayPorts): void {
  const { id, queueArn, card, watchers } = watch;
  const { alias } = rules.queueOf(queueArn) ?? {};
  const facts = { watch: id, queue: queueArn, ...(alias !== undefined && { alias }), channel: card.channel };
  if (happened.what === 'card update dropped' || happened.what === 'card gone') {
    metrics?.counted({ what: 'card update dropped' });
  }
  switch (happened.what) {
    case 'retried':
      log.warn({ ...facts, ...notificationFacts(happened) }, 'could not deliver a notification; retrying');
      break;
    case 'dropped':
      if (happened.notification.delivered > 0)
        log.warn(
          { ...facts, ...notificationFacts(happened) },
          'could not correct a notification; giving up and leaving its first text',
        );
      else
        log.error(
          { ...facts, watchers, ...notificationFacts(happened) },
          'could not deliver a notification; giving up',
        );
      break;
    case 'overtaken': {
      const keys = happened.notifications.map(({ key }) => key);
      log.warn({ ...facts, keys }, 'dropped older notifications: the final one was delivered first');
      break;
    }
    case 'card update retried':
      log.warn({ ...facts, why: happened.why }, 'could not update a card; retrying');
      break;
    case 'card update dropped':
      log.error(
        { ...facts, watchers, why: happened.why },
        'could not update a card; giving up and leaving it as is',
      );
      break;
    case 'card gone':
      log.warn({ ...facts, why: happened.why }, 'card was deleted; the watch continues without it');
      break;
  }
}

function notificationFacts({ notification, why }: Extract<DeliveryEvent, { what: 'retried' | 'dropped' }>) {
  return { key: notification.key, ...(notification.direct && { person: notification.direct.user }), why };
}
