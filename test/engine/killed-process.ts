import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MoveTask } from '../../src/domain/move-task.ts';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import type { Notifier } from '../../src/operations/watching/notifier.ts';
import { openLocalEngine } from '../support/local-engine.ts';
import { aQueue } from './a-world.ts';

/**
 * A process that gets killed: it watches `count` queues whose tasks end one after another, and writes its
 * thread to a file.
 */
const [, , file = '', threadFile = '', startedAtText = '', countText = ''] = process.argv;
const startedAt = Number(startedAtText);
const queues = Array.from({ length: Number(countText) }, (_, index) => aQueue(`queue-${index}`));

const linesPosted = () => (existsSync(threadFile) ? readFileSync(threadFile, 'utf8').split('\n') : []);
const notifier: Notifier = {
  notify: async (what) => {
    if (what.kind === 'card') return { kind: 'delivered' };
    await sleep(Math.random() * 20);
    const known =
      what.kind === 'notification' &&
      what.doubt &&
      linesPosted().some((line) => line.endsWith(` ${what.key}`));
    if (!known) appendFileSync(threadFile, `${what.notification.kind} ${what.card.ts} ${what.key}\n`);
    // Slack has stored the message, and the answer is on its way.
    await sleep(Math.random() * 120);
    return { kind: 'delivered' };
  },
};

function taskOf(name: string): MoveTask {
  const endsAfter = 500 + Number(name.slice('queue-'.length)) * 60;
  const status = Date.now() - startedAt > endsAfter ? 'COMPLETED' : 'RUNNING';
  return { status, statusText: status, moved: 1, toMove: 2, startedAt };
}

const silent = () => undefined;
const watcher = await openLocalEngine({
  file,
  moveTasks: {
    list: async (queue) => ({ ok: true, value: [taskOf(queue.name)] }),
    depth: async () => ({ ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } }),
  },
  notifier,
  settings: { ...defaultWatchSettings, minPollSeconds: 1, maxPollSeconds: 1, bounceBackAfterSeconds: [] },
  queueOf: (arn) => queues.find((queue) => queue.arn === arn),
  log: { debug: silent, info: silent, warn: silent, error: silent },
});
watcher.start();
const thread = linesPosted();
// On a slow machine a watch may be over by now, and would begin again.
const isOver = (name: string) => thread.some((line) => line.startsWith(`ended ${name} `));
for (const queue of queues.filter(({ name }) => !isOver(name))) {
  const answer = await watcher.watch({
    queue,
    startedAt,
    card: { channel: 'C1', ts: queue.name },
    user: 'U1',
  });
  if (answer.kind === 'began') process.stdout.write(`${queue.name}\n`);
  await sleep(2);
}
await sleep(60_000);
