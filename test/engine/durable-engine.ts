import type { DurableExecutionClient } from '@aws/durable-execution-sdk-js';
import { runNameOf } from '../../src/aws/start-function.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import { createDurableWatch } from '../../src/engine/durable/durable-watch.ts';
import type { StartWatch } from '../../src/operations/watching/watch-store.ts';
import type { Watches } from '../../src/operations/watching/watches.ts';
import { createDynamodbRunStore } from '../../src/storage/dynamodb/dynamodb-run-store.ts';
import { createDynamodbWatches } from '../../src/storage/dynamodb/dynamodb-watches.ts';
import { createRulesRow } from '../../src/storage/dynamodb/rules-row.ts';
import type { WatchRows } from '../../src/storage/dynamodb/watch-table.ts';
import { createLocalHistoryTable, historyIn } from '../storage/local-history-table.ts';
import { createLocalTable } from '../storage/local-table.ts';
import { rowsOf } from '../storage/table-rows.ts';
import type { World } from './a-world.ts';
import { createDurableService } from './durable-service.ts';

/** What one version of the functions was deployed with. */
type Deployed = { queues: readonly Queue[]; access: { channels: readonly string[] } };

/**
 * The Lambda engine in this process: the real table adapter and the real durable SDK, on a simulated clock.
 */
export function aDurableEngine(
  world: World,
  queues: readonly Queue[],
  { handOverAfter, pageSize }: { handOverAfter?: number; pageSize?: number } = {},
) {
  const table = createLocalTable(pageSize === undefined ? {} : { pageSize });
  const rows = rowsOf(table);
  const past = historyIn(createLocalHistoryTable(), world.logger);
  const rulesRow = createRulesRow({ rows, clock: world.clock });
  const facts = {
    /** The newest version: each run stays with the one that it began with. */
    deployed: { queues, access: { channels: [] } } as Deployed,
    alive: {},
    startFaults: [] as 'refused'[],
  };
  const versions = new Map<string, Deployed>();

  const start: StartWatch = async (run) => {
    const fault = facts.startFaults.shift();
    if (fault === 'refused') throw new Error('Lambda answered 429');
    service.start(runNameOf(run), JSON.stringify(run));
    const { arn = '' } = service.executions.get(runNameOf(run)) ?? {};
    if (!versions.has(arn)) versions.set(arn, facts.deployed);
  };
  const service = createDurableService({
    clock: world.clock,
    invoke: (event) =>
      newProcess(versions.get(event.DurableExecutionArn) ?? facts.deployed)(event, lambdaContext as never),
  });

  /** A function instance of its own: what it does after it is killed reaches nobody. */
  function newProcess(version: Deployed) {
    const life = facts.alive;
    const whileAlive = <T>(work: () => T | Promise<T>): Promise<T> =>
      life === facts.alive ? Promise.resolve().then(work) : new Promise<T>(() => undefined);
    const own: WatchRows = {
      read: (key) => whileAlive(() => rows.read(key)),
      ofCard: (card) => whileAlive(() => rows.ofCard(card)),
      live: () => whileAlive(() => rows.live()),
      all: () => whileAlive(() => rows.all()),
      write: (row) => whileAlive(() => rows.write(row)),
    };
    const client: DurableExecutionClient = {
      checkpoint: ({ DurableExecutionArn = '', CheckpointToken = '', Updates = [] }) =>
        whileAlive(() => service.checkpoint(DurableExecutionArn, CheckpointToken, Updates)),
      getExecutionState: ({ DurableExecutionArn = '', Marker }) =>
        whileAlive(() => service.page(DurableExecutionArn, Number(Marker ?? 0))),
    };
    return createDurableWatch(
      {
        parts: async () => ({
          moveTasks: world.moveTasks,
          notifier: world.notifier,
          settings: defaultWatchSettings,
          rules: {
            queueOf: (arn) => version.queues.find((one) => one.arn === arn),
            channels: version.access.channels,
          },
        }),
        ended: { history: { record: (redrive) => whileAlive(() => past.record(redrive)) } },
        storeOf: (run) => createDynamodbRunStore(run, { rows: own, clock: world.clock }),
        start,
        clock: world.clock,
        random: () => 0.5,
        log: world.logger,
        rulesHaveChanged: () => rulesRow.differFrom(version),
        ...(handOverAfter !== undefined && { handOverAfter }),
      },
      { durableExecutionClient: client },
    );
  }

  const watches: Watches = createDynamodbWatches({ rows, start, clock: world.clock, log: world.logger });
  return {
    watches,
    service,
    past,
    table,
    rows,
    facts,
    /** Deploys a new version, whose functions have stored its rules. */
    deploy: async (version: Deployed) => {
      facts.deployed = version;
      await rulesRow.publish(version);
    },
    kill: () => {
      facts.alive = {};
      service.crashAll();
    },
  };
}

const lambdaContext = {
  awsRequestId: 'request',
  functionName: 'watch',
  // No time is left: the SDK then suspends at each wait, as it eventually does anyway.
  getRemainingTimeInMillis: () => 0,
};
