import { expect, test } from 'vitest';
import { askAgainLater, questionAbout } from '../../../src/domain/following/following.ts';
import { aTask, now } from '../../support/builders.ts';

const minutes = (count: number) => now + count * 60_000;

test('asks who started a task five times within 15 minutes, and then stops', () => {
  const asked: number[] = [];
  let question: ReturnType<typeof askAgainLater> = questionAbout(now, [], now + 5_000);
  while (question) {
    asked.push((question.askAt - now) / 60_000);
    question = askAgainLater(question, question.askAt + 900);
  }
  expect(asked).toEqual([0.5, 2, 5, 9, 15]);
});

test('stores nothing else for a task without a predecessor', () => {
  expect(questionAbout(now, [], now)).toStrictEqual({ startedAt: now, askAt: minutes(0.5) });
});

test('asks at least once about a task that is noticed late', () => {
  expect(questionAbout(now, [], minutes(3)).askAt).toBe(minutes(5));
  expect(questionAbout(now, [], minutes(5)).askAt).toBe(minutes(9));
  const late = questionAbout(now, [], minutes(60));
  expect(late.askAt).toBe(minutes(60));
  expect(askAgainLater(late, minutes(60))).toBeUndefined();
});

test('remembers the previous task, because its start is a different call', () => {
  const tasks = [now + 9_000, now, now - 40_000, now - 90_000].map((startedAt) => aTask({ startedAt }));
  expect(questionAbout(now, tasks, now)).toMatchObject({ startedAt: now, previousStartedAt: now - 40_000 });
});
