import type { Watch } from '../../domain/watch/watch.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Happened } from './after-telling.ts';

type SayPorts = {
  log: Log;
  metrics?: Metrics;
  rules: { queueOf: (arn: string) => { alias: string } | undefined };
};

/** One line in the log for what an operator may have to know. */
export function say(happened: Happened, watch: Watch, { log, metrics, rules }: SayPorts): void {
  const { id, queueArn, card, watchers } = watch;
  const { alias } = rules.queueOf(queueArn) ?? {};
  const facts = { watch: id, queue: queueArn, ...(alias !== undefined && { alias }), channel: card.channel };
  if (happened.what === 'edit dropped' || happened.what === 'card gone') {
    metrics?.counted({ what: 'edit dropped' });
  }
  switch (happened.what) {
    case 'put off':
      log.warn({ ...facts, ...ofNotice(happened) }, 'a notice could not be told and is tried again');
      break;
    case 'dropped':
      if (happened.notice.told > 0)
        log.warn({ ...facts, ...ofNotice(happened) }, 'a notice keeps its first text');
      else
        log.error({ ...facts, watchers, ...ofNotice(happened) }, 'a notice could not be told and is dropped');
      break;
    case 'overtaken': {
      const keys = happened.notices.map(({ key }) => key);
      log.warn({ ...facts, keys }, 'notices are dropped: the end was told before them');
      break;
    }
    case 'edit put off':
      log.warn({ ...facts, why: happened.why }, 'a card could not be edited and is tried again');
      break;
    case 'edit dropped':
      log.error({ ...facts, watchers, why: happened.why }, 'a card could not be edited and stays as it is');
      break;
    case 'card gone':
      log.warn({ ...facts, why: happened.why }, 'a card is gone, and the watch goes on without it');
      break;
  }
}

function ofNotice({ notice, why }: Extract<Happened, { what: 'put off' | 'dropped' }>) {
  return { key: notice.key, ...(notice.direct && { person: notice.direct.user }), why };
}
