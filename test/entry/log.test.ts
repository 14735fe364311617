import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLog } from '../../src/entry/log.ts';
import { readableLines } from '../../src/entry/process.ts';
import { refusedAtBoth } from '../support/refused-at-both.ts';

const facts = {
  what: 'command',
  user: 'U1',
  queue: 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
  outcome: 'RUNNING',
  ms: 12,
};

/** A terminal, or a file: what was written to it. */
function written() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}

const secrets = ['xoxb-1-very-secret', 'hunter2-hunter2'];

test('a line of the log is one JSON object', () => {
  const { stream, text } = written();
  createLog({ level: 'info', secrets, to: stream }).info(facts, 'answered');
  expect(JSON.parse(text())).toEqual({ level: 'info', time: expect.any(String), ...facts, msg: 'answered' });
});

test('at a terminal, it is a readable line', async () => {
  const { stream, text } = written();
  createLog({ level: 'info', secrets, to: await readableLines(stream) }).warn(facts, 'answered');
  expect(text()).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: answered \{.*"outcome":"RUNNING","ms":12\}\n$/);
});

test.each([
  ['as JSON', (stream: Writable) => stream],
  ['at a terminal', (stream: Writable) => readableLines(stream)],
])('no secret gets through %s, wherever it is', async (_how, to) => {
  const { stream, text } = written();
  const log = createLog({ level: 'debug', secrets, to: await to(stream) });
  log.error({ error: new Error('with hunter2-hunter2 in it'), token: 'xoxb-1-very-secret' }, 'xoxb-other-2');
  log.debug({ url: 'https://hooks.slack.com/actions/T1/2/3' }, 'hunter2-hunter2');
  expect(text()).toContain('[hidden]');
  expect(text()).not.toMatch(/hunter2|very-secret|xoxb-|actions/);
});

test("text from outside can't color a terminal", async () => {
  const { stream, text } = written();
  createLog({ level: 'info', secrets, to: await readableLines(stream) }).info(
    { typed: '\u001b[2J\nINFO: all is well' },
    'a',
  );
  expect(text().trimEnd().split('\n')).toHaveLength(1);
  expect(text()).not.toContain('\u001b');
});

test('an error of several attempts lists each message, even as the cause of another error', () => {
  const { stream, text } = written();
  const error = new TypeError('fetch failed', { cause: refusedAtBoth() });
  createLog({ level: 'info', secrets, to: stream }).error({ error }, 'request failed');
  expect(JSON.parse(text()).error.message).toBe(
    'fetch failed; connect ECONNREFUSED ::1:443; connect ECONNREFUSED 127.0.0.1:443',
  );
});
