import { expect, test } from 'vitest';
import { createLambdaLog } from '../../src/entry/lambda-log.ts';
import { createLog } from '../../src/entry/log.ts';

const secrets = ['xoxb-1-very-secret', 'hunter2-hunter2'];

/** A function's log, and what was written to it. */
function written(level = 'info') {
  const lines: string[] = [];
  return { log: createLambdaLog({ level, secrets, to: (line) => lines.push(line) }), lines };
}

test('a line on Lambda is the line that the one process writes', () => {
  const facts = { what: 'command', user: 'U1', ms: 12, failures: [{ kind: 'refused' }], nothing: undefined };
  const { log, lines } = written();
  log.info(facts, 'answered');
  const others: string[] = [];
  createLog({ level: 'info', secrets, to: { write: (line) => others.push(line) } }).info(facts, 'answered');
  const withoutTime = (line = '') => line.replace(/"time":"[\dT:.-]+Z"/, '"time"');
  expect(lines.map(withoutTime)).toEqual(others.map(withoutTime));
  expect(lines[0]).toMatch(/^\{"level":"info","time":"\d{4}-.*"msg":"answered"\}\n$/);
});

test('an error is told with its type, its stack and its cause, under whatever name it stands', () => {
  const { log, lines } = written();
  const error = Object.assign(new TypeError('no answer', { cause: new Error('ECONNRESET') }), { code: 'X' });
  log.error({ err: error }, 'failed');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    msg: 'failed',
    err: {
      type: 'TypeError',
      message: 'no answer',
      code: 'X',
      stack: expect.stringContaining('lambda-log.test'),
      cause: { type: 'Error', message: 'ECONNRESET' },
    },
  });
});

test('no secret gets through, wherever it stands', () => {
  const { log, lines } = written('debug');
  log.error({ error: new Error('with hunter2-hunter2 in it'), token: 'xoxb-1-very-secret' }, 'xoxb-other-2');
  log.debug({ url: 'https://hooks.slack.com/actions/T1/2/3' }, 'hunter2-hunter2');
  expect(lines).toHaveLength(2);
  expect(lines.join('')).toContain('[hidden]');
  expect(lines.join('')).not.toMatch(/hunter2|very-secret|xoxb-|actions/);
});

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['silent', []],
])('at the level %s are written: %j', (level, expected) => {
  const { log, lines } = written(level);
  for (const write of [log.debug, log.info, log.warn, log.error]) write({}, 'a');
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(expected);
});

test('facts that are no JSON cost neither the line nor the function', () => {
  const { log, lines } = written();
  const round: Record<string, unknown> = {};
  round['itself'] = round;
  log.warn(round, 'odd');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', msg: 'odd' });
});
