import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createReadiness } from '../../src/entry/readiness.ts';
import type { Counted } from '../../src/operations/metrics.ts';
import { createSocketHealth } from '../../src/slack/socket-receiver.ts';

const second = 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A running bot, and a connection that a test controls. */
function aBot() {
  const lines: string[] = [];
  const counted: Counted[] = [];
  const say = (level: string) => (facts: Record<string, unknown>, message: string) =>
    void lines.push([level, message, facts['why']].filter(Boolean).join(': '));
  const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const clock = () => Date.now();
  const metrics = { counted: (event: Counted) => void counted.push(event) };
  const socket = createSocketHealth({ clock, log, metrics });
  const readiness = createReadiness({ clock });
  readiness.socketMode(socket);
  readiness.running({
    watcher: {
      tickedAt: clock,
      counts: () => ({}),
      undelivered: () => ({ notification: 0, cardUpdate: 0 }),
      trouble: () => undefined,
    },
    slack: { answeredAt: clock, failure: () => undefined },
  });
  const pass = (seconds: number) => vi.advanceTimersByTime(seconds * second);
  return {
    lines,
    counted,
    socket,
    pass,
    because: readiness.notReadyBecause,
    connected: readiness.socketConnected,
  };
}

describe('the bot is not ready', () => {
  test('before Slack reaches it for the first time, and why', () => {
    const { socket, because, connected } = aBot();
    const first = because();
    socket.lost('HTTP 409');
    const second = because();
    socket.connected();
    expect([first, second, because(), connected()]).toEqual([
      ['Socket Mode is not connected yet (connecting)'],
      ['Socket Mode is not connected yet (HTTP 409)'],
      [],
      true,
    ]);
  });

  test('after 30 s without a connection, until there is one', () => {
    const { socket, because, connected, pass } = aBot();
    socket.connected();
    pass(60);
    socket.lost('refresh_requested');
    pass(1);
    socket.lost('HTTP 409');
    pass(29);
    const atFirst = because();
    pass(1);
    const later = because();
    expect([atFirst, later, connected()]).toEqual([
      [],
      ['Socket Mode has had no connection to Slack for 31 s (HTTP 409)'],
      false,
    ]);
    socket.connected();
    expect(because()).toEqual([]);
  });

  test('while each connection is ended as soon as it is made', () => {
    const { socket, because, pass, lines } = aBot();
    socket.connected();
    pass(60);
    for (let tries = 0; tries < 20; tries += 1) {
      socket.lost('too_many_websockets');
      pass(5);
      socket.connected();
    }
    expect(because()).toEqual([
      expect.stringMatching(/^Socket Mode has had no connection to Slack for .+ \(too_many_websockets\)$/),
    ]);
    expect(lines.length).toBeLessThan(10);
    pass(10);
    expect([because(), lines.at(-1)]).toEqual([[], 'info: Socket Mode is connected again']);
  });
});

test('logs the loss, occasionally why it lasts, and that it is over; counts each attempt', () => {
  const { socket, pass, lines, counted } = aBot();
  socket.connected();
  pass(60);
  socket.lost('connection closed');
  for (let minutes = 0; minutes < 21; minutes += 1) {
    socket.lost('HTTP 409');
    pass(60);
  }
  socket.connected();
  expect(lines).toEqual([
    'info: Socket Mode connection closed: connection closed',
    ...Array(3).fill('warn: Socket Mode cannot connect to Slack: HTTP 409'),
    'info: Socket Mode is connected again',
  ]);
  expect(counted).toEqual(Array(21).fill({ what: 'socket failure', reason: 'HTTP 409' }));
});

test('does not log that Slack renews a connection', () => {
  const { socket, pass, lines } = aBot();
  for (const reason of ['refresh_requested', 'warning']) {
    socket.connected();
    pass(3_600);
    socket.lost(reason);
  }
  socket.connected();
  expect(lines).toEqual([]);
});
