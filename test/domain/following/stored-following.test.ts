import { expect, test } from 'vitest';
import type { StarterQuestion } from '../../../src/domain/following/following.ts';
import { type Announcement, Following } from '../../../src/domain/following/following.ts';
import { aTask, now } from '../../support/builders.ts';

/** Every field is set. */
const announcement: Required<Announcement> = {
  key: 'k',
  startedAt: now,
  startedBy: 'ada',
  seen: { task: aTask(), at: now, depth: 3 },
  maybeDelivered: true,
  since: now,
  notBefore: now,
  failures: 2,
  failing: { as: 'trouble', since: now, times: 1 },
  fallback: { plain: true, textOnly: true, bare: 'the words', inChannel: true },
};

test('everything known about a followed queue survives storing', () => {
  const question: Required<StarterQuestion> = { startedAt: now, previousStartedAt: now - 1, askAt: now + 1 };
  const following: Required<Following> = {
    queueArn: 'arn',
    knownUpTo: now,
    announcements: [announcement],
    questions: [question],
  };
  expect(Following.parse(JSON.parse(JSON.stringify(following)))).toEqual(following);
});
