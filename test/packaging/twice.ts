import { expect } from 'vitest';
import { checkShortcut } from '../../src/slack/commands.ts';
import type { PackagedStage } from './packaged-stage.ts';

/**
 * Each event is delivered to the worker twice at the same moment, in processes that know nothing of each
 * other.
 */
export async function answersOnceEach(stage: PackagedStage): Promise<void> {
  const { slack, lambda, cards, redrive, annTypes } = stage;
  const ann = slack.as('UANN');
  lambda.faults.startsTwice = true;
  redrive({});
  await annTypes('/dlq-tasks orders-dlq');
  await annTypes('/dlq-tasks ordrs-dlq');
  await annTypes('<@UBOT> orders-dlq');
  await slack.as('UBOB').types('CGENERAL', 'What about payments-dlq?');
  const words = (text: string) => ann.sees('CGENERAL').find((message) => message.text.includes(text));
  await ann.usesShortcut(words('What about') ?? { channel: '', ts: '' }, checkShortcut.callbackId);
  await lambda.settled();
  const answersTo = (text: string) => slack.thread('CGENERAL', words(text)?.ts ?? '').slice(1);
  expect({
    cards: cards().filter(({ threadTs }) => threadTs === undefined).length,
    privately: slack.privateWords('UANN').length,
    mentioned: answersTo('<@UBOT>').length,
    byShortcut: answersTo('What about').length,
  }).toEqual({ cards: 1, privately: 1, mentioned: 1, byShortcut: 1 });

  const [card] = cards();
  if (!card) throw new Error('There is no card.');
  const edits = slack.callsOf('chat.update').length;
  await ann.clicks(card, 'Refresh');
  await lambda.settled();
  expect(slack.callsOf('chat.update').length - edits).toBe(1);
}
