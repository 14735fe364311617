import { setTimeout as sleep } from 'node:timers/promises';
import { serverFile, serverFlags, writeBotSettings } from '../shared/bot-settings.ts';
import { keepWatches, wireTask } from '../shared/kept-watches.ts';
import { startNode } from '../shared/node-process.ts';
import type { Bench, BenchResult } from '../shared/result.ts';
import { startStandIn } from '../shared/stand-in.ts';
import { rounded } from '../shared/statistics.ts';
import { createLoad } from '../shared/watch-load.ts';
import { createLedger } from './ledger.ts';
import { createStrictLimits } from './limits.ts';
import { type RedriveSizes, redrivesOver, taskOf } from './redrives.ts';

const sizes: Record<'full' | 'quick', RedriveSizes> = {
  full: { watches: 200, ending: 50, crowd: 20, forMs: 285_000 },
  quick: { watches: 6, ending: 4, crowd: 2, forMs: 4_000 },
};

type BudgetFigures = ReturnType<ReturnType<typeof createLedger>['figures']> & {
  watches: number;
  seconds: number;
  refused429: number;
  mostEditsInAMinute: number;
  /** Of its own accord, since a newer state took their place; undefined: the bot does not tell. */
  editsDropped?: number;
};

/** Many watches whose tasks all move, before a Slack that keeps its documented limits strictly. */
export const benchSlackBudget: Bench = async (scale) => {
  const size = sizes[scale];
  const startedAt = Date.now();
  const redrives = redrivesOver(size, startedAt);
  const { queues } = createLoad(redrives.map(() => ({ startedAt, lengthMs: 1 })));
  const byArn = new Map(queues.map(({ arn }, index) => [arn, redrives[index]]));
  const limits = createStrictLimits(Date.now);
  const ledger = createLedger(redrives, startedAt);
  const settings = await writeBotSettings(queues.map(({ name }) => name));
  const standIn = await startStandIn({
    tasksOf: (arn) => {
      const redrive = byArn.get(arn);
      if (!redrive) return [];
      const task = taskOf(redrive, Date.now());
      if (task.status === 'COMPLETED') ledger.endSeen(redrive, Date.now());
      return [wireTask(task)];
    },
    onSlackCall: (call) => {
      const wait = limits.take(call);
      if (wait === undefined) ledger.took(call, Date.now());
      return wait;
    },
  });
  try {
    await keepWatches(
      settings.database,
      queues.flatMap((queue, index) => {
        const redrive = redrives[index];
        if (!redrive) return [];
        const card = { channel: redrive.channel, ts: redrive.cardTs };
        return [{ queue, startedAt: redrive.startedAt, card }];
      }),
    );
    const server = startNode(serverFile, { ...standIn.variables, ...settings.variables }, serverFlags);
    try {
      const port = await server.port;
      await sleep(startedAt + size.forMs - Date.now());
      const editsDropped = await droppedEdits(port);
      return resultOf({
        watches: size.watches,
        seconds: size.forMs / 1000,
        refused429: limits.refused(),
        mostEditsInAMinute: limits.mostEditsInAMinute(),
        ...ledger.figures(Date.now()),
        ...(editsDropped !== undefined && { editsDropped }),
      });
    } finally {
      await server.end('SIGKILL');
    }
  } finally {
    await standIn.stop();
    await settings.remove();
  }
};

async function droppedEdits(port: number): Promise<number | undefined> {
  const numbers = await fetch(`http://127.0.0.1:${port}/metrics`);
  const found = /_edits_dropped_total\S* (\d+)/.exec(await numbers.text())?.[1];
  return found === undefined ? undefined : Number(found);
}

function resultOf(found: BudgetFigures): BenchResult {
  const seconds = (ms: number) => rounded(ms / 1000, 1);
  const { endNoticeDelayMs: delay, beyondOnePostASecondMs: beyond } = found;
  return {
    title: 'Slack’s budget',
    figures: found,
    tables: [
      {
        caption: `${found.watches} watches whose tasks all move, for ${found.seconds} s; ${found.endsSeen} of them end, some at one moment in one channel.`,
        head: ['', 'found'],
        rows: [
          ['answers 429', rounded(found.refused429)],
          ['edits sent', rounded(found.editsSent)],
          ['most edits in any minute, of the 50 that Slack takes', rounded(found.mostEditsInAMinute)],
          ['edits dropped for a newer one', rounded(found.editsDropped ?? Number.NaN)],
          ['oldest card, s since it was edited', seconds(found.stalestCardMs)],
          ['end notices told, of ends seen', `${found.endNotices} of ${found.endsSeen}`],
          [
            'end notice after the look that saw the end, s: p50 / max',
            `${seconds(delay.p50)} / ${seconds(delay.max)}`,
          ],
          [
            'of these, beyond one post a second and channel, s: p50 / max',
            `${seconds(beyond.p50)} / ${seconds(beyond.max)}`,
          ],
        ],
      },
    ],
  };
}
