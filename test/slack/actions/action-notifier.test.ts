import { expect, test } from 'vitest';
import type { Action } from '../../../src/domain/actions/action.ts';
import type { Fallback } from '../../../src/domain/delivery.ts';
import { createActionNotifier } from '../../../src/slack/actions/action-notifier.ts';
import { aBotIdentity, aQueue, now } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';
import { clientAnsweredBy, slackInProcess } from '../../support/slack-in-process.ts';

const declined: Action = {
  id: 'a1',
  version: 2,
  kind: 'start',
  state: 'declined',
  queueArn: aQueue().arn,
  alias: 'orders-dlq',
  place: { channel: 'C1', message: '100.1' },
  requester: 'UANN',
  decider: 'UBOB',
  needsApproval: true,
  reason: 'The bug is fixed.',
  requestedAt: now,
  expiresAt: now + 1_000,
  result: {},
  outbox: [],
};

test('a direct message in doubt is found again by its own text', async () => {
  const { log } = recordedLog();
  const slack = slackInProcess(() => now);
  const posts: string[] = [];
  const client = clientAnsweredBy(async (url, init) => {
    const args = Object.fromEntries(new URLSearchParams(String(init?.body)));
    const refused = (error: string) => Response.json({ ok: false, error });
    if (!String(url).endsWith('chat.postMessage')) return slack.send(url, init);
    if (args['channel'] === 'C1') return refused('not_in_channel');
    if (args['blocks'] !== undefined) return refused('invalid_blocks');
    if (args['metadata'] !== undefined) return refused('metadata_too_large');
    posts.push(args['text'] ?? '');
    // The first one is lost, the others arrive.
    if (posts.length > 1) await slack.send(url, init);
    return refused('fatal_error');
  }, log);
  const notifier = createActionNotifier({
    ...{ client, identity: aBotIdentity, queueOf: () => aQueue(), channels: [], log },
    watches: { watch: () => Promise.reject(new Error('not here')) },
  });
  let fallback: Fallback = {};
  const keep = async (next: Fallback) => {
    fallback = next;
  };
  const attempt = (doubt: boolean) =>
    notifier.deliver({
      kind: 'outcome',
      key: 'a1/outcome',
      since: now,
      action: declined,
      doubt,
      fallback,
      keep,
    });

  expect(await attempt(false)).toMatchObject({ kind: 'retry-later', maybeDelivered: true });
  expect(await attempt(true)).toMatchObject({ kind: 'retry-later', maybeDelivered: true });
  expect(await attempt(true)).toMatchObject({ kind: 'delivered', found: true });
  expect(posts).toHaveLength(2);
});
