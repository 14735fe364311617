import { describe, expect, test } from 'vitest';
import { helpView, misunderstoodMentionView } from '../../../src/slack/views/help.ts';
import { mentionedView, noneMentionedView } from '../../../src/slack/views/private-message.ts';
import { aQueue } from '../../support/builders.ts';
import { expectFitForSlack, readable } from '../../support/messages.ts';

const longestBotName = 'b'.repeat(80);
const mentioned = { botName: 'dlq-tasks', canWatch: true, canAct: false };

describe('a message that was checked', () => {
  test('mentions two queues', () => {
    const queues = [aQueue(), aQueue({ name: 'payments-dlq', alias: 'payments' })];
    expect(readable(mentionedView(queues))).toMatchSnapshot();
  });

  test('mentions more than there is room for', () => {
    const queues = Array.from({ length: 9 }, (_, i) =>
      aQueue({
        name: `${i}${'n'.repeat(74)}.fifo`,
        alias: `${i}${'a'.repeat(79)}`,
        account: { label: 'l'.repeat(80), id: '111122223333' },
      }),
    );
    const message = mentionedView(queues);
    expectFitForSlack(message);
    expect(message.text.split('\n')[0]).toBe(
      'This message mentions 9 queues. Which one do you want to see in the thread? These are the first 6. To get another, type its name after `/dlq-tasks`.',
    );
  });

  test('mentions none', () => {
    expect(readable(noneMentionedView('dlq-tasks'))).toMatchSnapshot();
    expectFitForSlack(noneMentionedView(longestBotName));
  });
});

describe("a mention that the bot doesn't understand", () => {
  test.each([
    { wrong: 'too-many-words' as const, typed: 'we have that now', first: 'we' },
    { wrong: 'queue-missing' as const, typed: 'watch' },
  ])('$wrong', (misunderstanding) => {
    expect(readable(misunderstoodMentionView(misunderstanding, mentioned))).toMatchSnapshot();
  });

  test("fits, whatever was typed and whatever the bot's name is", () => {
    const typed = '<&>`'.repeat(1_000);
    const wrong = { wrong: 'too-many-words' as const, typed, first: typed };
    expectFitForSlack(misunderstoodMentionView(wrong, { ...mentioned, botName: longestBotName }));
    expectFitForSlack(helpView({ canWatch: true, canAct: false, botName: longestBotName }));
  });
});
