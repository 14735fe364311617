import { describe, expect, test } from 'vitest';
import type { Fallback } from '../../../src/domain/delivery.ts';
import { section } from '../../../src/slack/block-kit.ts';
import { asPlainText, type KeyedPost, postOnce } from '../../../src/slack/notifier/post-once.ts';
import { aBotIdentity, now } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';
import { clientAnsweredBy, slackInProcess } from '../../support/slack-in-process.ts';

type Args = Record<string, string>;
/** What Slack refuses, each with its code. */
const refusals: [code: string, (args: Args) => boolean][] = [
  ['invalid_blocks', ({ blocks }) => blocks !== undefined],
  ['metadata_too_large', ({ metadata }) => metadata !== undefined],
  ['thread_not_found', ({ thread_ts }) => thread_ts !== undefined],
];

/** A Slack that refuses blocks, metadata, and threads, and whatever else a test wants. */
function aPost(given: Partial<KeyedPost> = {}) {
  const { log } = recordedLog();
  const slack = slackInProcess(() => now);
  const client = clientAnsweredBy(async (url, init) => {
    const args = Object.fromEntries(new URLSearchParams(String(init?.body)));
    const [code] = refusals.find(([, isMeant]) => isMeant(args)) ?? [];
    steps.push(code ?? String(url).split('/').at(-1));
    return code === undefined ? slack.send(url, init) : Response.json({ ok: false, error: code });
  }, log);
  const steps: unknown[] = [];
  const message = { text: 'It ended.', blocks: [section('It ended.')] };
  const post: KeyedPost = {
    channel: 'C1',
    key: 'w1/ended',
    thread: '100.1',
    mayLeaveThread: true,
    variants: (inChannel) => [
      message,
      asPlainText(inChannel ? { ...message, text: 'The redrive ended.' } : message),
    ],
    keep: async (fallback: Fallback) => void steps.push(fallback),
    doubt: false,
    since: now,
    ...given,
  };
  const posted = () => postOnce(post, { client, identity: aBotIdentity, log });
  return { posted, steps, slack };
}

describe('a post', () => {
  test('is tried without what Slack refuses, each time after that is committed', async () => {
    const { posted, steps, slack } = aPost();
    expect(await posted()).toMatchObject({ kind: 'delivered', message: { channel: 'C1' } });
    const plain = { plain: true };
    expect(steps).toEqual([
      ...['invalid_blocks', plain],
      ...['metadata_too_large', { ...plain, bare: 'It ended.' }],
      ...['thread_not_found', { ...plain, bare: 'It ended.', inChannel: true }],
      // Its text is another one there, and is searched for if this post is in doubt.
      { ...plain, bare: 'The redrive ended.', inChannel: true },
      'chat.postMessage',
    ]);
    expect(slack.said()).toMatchObject([{ text: 'The redrive ended.', blocks: 0 }]);
  });

  test('begins with what is known to be accepted', async () => {
    const fallback = { plain: true, bare: 'It ended.', inChannel: false };
    const { posted, steps } = aPost({ fallback, thread: undefined });
    await posted();
    expect(steps).toEqual(['chat.postMessage']);
  });

  test('stays in a thread that it may not leave, and rejects', async () => {
    const { posted, slack } = aPost({ mayLeaveThread: false });
    await expect(posted()).rejects.toThrow('thread_not_found');
    expect(slack.said()).toEqual([]);
  });
});
