import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStored, storedText } from '../../src/storage/stored-names.ts';

const names = [
  ...[
    'watch',
    'outbox',
    'state',
    'blind',
    'told',
    'said',
    'cannotSee',
    'problem',
    'notice',
    'notices',
    'edit',
  ],
  ...[
    'cannotPoll',
    'delivered',
    'polls',
    'looks',
    'stored',
    'kept',
    'newer:polls',
    'newer:',
    '__proto__',
    'other',
  ],
];
const { stored } = fc.letrec((tie) => ({
  stored: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue(),
    fc.array(tie('stored'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('stored'), { maxKeys: 5 }),
  ),
}));

test('writes back whatever a row contains unchanged', () => {
  fc.assert(
    fc.property(stored, (value) => {
      const text = JSON.stringify(value);
      expect(storedText(parseStored(text))).toBe(text);
    }),
  );
});

test('keeps the names in a row that every version reads', () => {
  const text =
    '{"kept":{"watch":{"nextLookAt":1,"looks":2,"blind":{"problem":{},"looks":3,"told":true},"said":["stalled"]},' +
    '"outbox":{"notices":[{"notice":{},"told":1,"maybeTold":false,"form":{"bare":"x"}}],"edit":{"state":{"cannotSee":{"problem":{}}}}}}}';
  expect(parseStored(text)).toEqual({
    stored: {
      watch: {
        nextPollAt: 1,
        polls: 2,
        cannotPoll: { awsError: {}, polls: 3, said: true },
        said: ['stalled'],
      },
      outbox: {
        notifications: [
          { notification: {}, deliveredVersion: 1, maybeDelivered: false, fallback: { bare: 'x' } },
        ],
        cardUpdate: { state: { cannotPoll: { awsError: {} } } },
      },
    },
  });
});
