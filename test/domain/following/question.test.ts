import { expect, test } from 'vitest';
import { askAgainLater, questionAbout } from '../../../src/domain/following/following.ts';
import { aTask, now } from '../../support/builders.ts';

const minutes = (count: number) => now + count * 60_000;

test('who began a task is asked five times within a quarter of an hour, and then no more', () => {
  const asked: number[] = [];
  let question: ReturnType<typeof askAgainLater> = questionAbout(now, [], now + 5_000);
  while (question) {
    asked.push((question.askAt - now) / 60_000);
    question = askAgainLater(question, question.askAt + 900);
  }
  expect(asked).toEqual([0.5, 2, 5, 9, 15]);
});

test('of a task that has none before it nothing else is stored', () => {
  expect(questionAbout(now, [], now)).toStrictEqual({ startedAt: now, askAt: minutes(0.5) });
});

test('of a task that is noticed late it is asked from then on, and at least once', () => {
  expect(questionAbout(now, [], minutes(3)).askAt).toBe(minutes(5));
  expect(questionAbout(now, [], minutes(5)).askAt).toBe(minutes(9));
  const late = questionAbout(now, [], minutes(60));
  expect(late.askAt).toBe(minutes(60));
  expect(askAgainLater(late, minutes(60))).toBeUndefined();
});

test('the task before is remembered, since its start is known to be another', () => {
  const tasks = [now + 9_000, now, now - 40_000, now - 90_000].map((startedAt) => aTask({ startedAt }));
  expect(questionAbout(now, tasks, now)).toMatchObject({ startedAt: now, previousStartedAt: now - 40_000 });
});
