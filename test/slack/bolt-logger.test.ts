import pino from 'pino';
import { expect, test } from 'vitest';
import { boltLogger } from '../../src/slack/slack-client.ts';

test("logs Bolt's messages at their level, marked as a library's", () => {
  const lines: string[] = [];
  const log = pino({ level: 'debug', base: null, timestamp: false }, { write: (line) => lines.push(line) });
  const logger = boltLogger(log);
  logger.debug('one', 'line');
  logger.warn(new Error('a warning'));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 20, library: 'slack-sdk', msg: 'one line' },
    { level: 40, library: 'slack-sdk', msg: 'Error: a warning' },
  ]);
});
