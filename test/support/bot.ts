import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalSlack, LocalSlackOptions } from '../../sandbox/slack/local-slack.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { type AccessRules, defaultWatchSettings } from '../../src/domain/settings.ts';
import { type LocalActions, openLocalActions } from '../../src/entry/local-actions.ts';
import { lookupsOf } from '../../src/entry/parts.ts';
import { healthAnswers } from '../../src/entry/transports.ts';
import type { Redrives } from '../../src/operations/actions/ports.ts';
import type { StartCalls } from '../../src/operations/following/ask-who-started.ts';
import type { MoveTasks } from '../../src/operations/move-tasks.ts';
import { createActionNotifier } from '../../src/slack/actions/action-notifier.ts';
import { createSlackApp } from '../../src/slack/app.ts';
import { fetchBotIdentity } from '../../src/slack/bot-identity.ts';
import { createCardOrder } from '../../src/slack/card-order.ts';
import { HttpReceiver } from '../../src/slack/http-receiver.ts';
import { createClickEdits } from '../../src/slack/notifier/click-edits.ts';
import { createSlackNotifier } from '../../src/slack/notifier/slack-notifier.ts';
import { groupMembersNow, membersOfPrivate } from '../../src/slack/people.ts';
import { boltLogger, promptClient } from '../../src/slack/slack-client.ts';
import { openLocalHistory } from '../../src/storage/sqlite/sqlite-history-store.ts';
import { botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { openLocalEngine } from './local-engine.ts';
import { recordedLog } from './recorded.ts';

export const openToAll: AccessRules = { channels: [], users: [], userGroups: [], externalPeople: false };

export type BotGiven = {
  moveTasks: MoveTasks;
  queues: readonly Queue[];
  access?: AccessRules;
  startCalls?: StartCalls;
  slack?: Partial<LocalSlackOptions>;
  clock?: () => number;
  searchable?: boolean;
  overviewPatience?: () => AbortSignal;
  stillWaitingAfterMs?: number;
  /** The AWS that starts and cancels redrives. Absent: the bot changes nothing. */
  redrives?: Redrives;
  readOnly?: boolean;
};

/** The real Slack app over signed HTTP, against the local Slack. */
export async function startTestBot(given: BotGiven) {
  const slack: LocalSlack = await startTestSlack(given.slack);
  const { log, lines } = recordedLog();
  const connection = { botToken, apiUrl: slack.apiUrl, logger: boltLogger(log) };
  const client = promptClient(connection);
  const health = healthAnswers({
    notReadyBecause: () => [],
    metrics: { contentType: 'text/plain', text: async () => '' },
  });
  const receiver = new HttpReceiver({ signingSecret, port: 0, otherRequests: health, log });
  let errors = 0;
  const identity = await fetchBotIdentity(client);
  const cards = createCardOrder();
  const clock = given.clock ?? Date.now;
  const clickEdits = createClickEdits({ apiUrl: slack.apiUrl, clock });
  const queueOf = (arn: string) => given.queues.find((queue) => queue.arn === arn);
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-'));
  let actions: LocalActions | undefined;
  const later = lookupsOf({ identity }, () => actions);
  const notifier = createSlackNotifier({
    startsOf: later.startsOf,
    client: promptClient(connection),
    identity,
    cards,
    clickEdits,
    queueOf,
    log,
    clock,
  });
  const history = await openLocalHistory({ dataFolder: folder, log, clock });
  const watcher = await openLocalEngine({
    ended: { history, startOf: later.startOf },
    file: join(folder, 'watches.sqlite'),
    moveTasks: given.moveTasks,
    notifier,
    settings: defaultWatchSettings,
    queueOf,
    allowedChannels: given.access?.channels ?? [],
    following: {
      queues: given.queues,
      everySeconds: 75,
      announcer: notifier,
      isStartingHere: later.isStartingHere,
      ...(given.startCalls && { startCalls: given.startCalls }),
    },
    log,
    clock,
  });
  const { redrives, readOnly = false } = given;
  actions =
    redrives &&
    (await openLocalActions({
      ...{ dataFolder: folder, readOnly, queueOf, moveTasks: given.moveTasks, redrives, clock, log },
      expectEnd: watcher.expectEnd,
      notifier: createActionNotifier({
        client: promptClient(connection),
        identity,
        queueOf,
        channels: given.access?.channels ?? [],
        watches: watcher,
        log,
      }),
      membersOf: groupMembersNow(client),
      membersOfPrivate: membersOfPrivate(client, log),
      access: given.access ?? openToAll,
    }));
  const app = createSlackApp({
    startsOf: later.startsOf,
    history: { history, ...(actions && { actions }) },
    ...(actions && { actions, knowsActionWords: true }),
    ...connection,
    receiver,
    client,
    identity,
    cards,
    clickEdits,
    watches: watcher,
    access: given.access ?? openToAll,
    log,
    newErrorId: () => `E-${++errors}`,
    queues: readOnly ? given.queues.map(({ redrive: _, ...queue }) => queue) : given.queues,
    moveTasks: given.moveTasks,
    version: '1.2.3',
    searchable: given.searchable ?? true,
    ...(given.overviewPatience && { overviewPatience: given.overviewPatience }),
    ...(given.stillWaitingAfterMs !== undefined && { stillWaitingAfterMs: given.stillWaitingAfterMs }),
    clock,
  });
  const url = `http://127.0.0.1:${await receiver.start()}`;
  slack.setRequestUrl(`${url}/slack/events`);
  return {
    slack,
    url,
    lines,
    settled: app.settled,
    watcher,
    actions,
    async [Symbol.asyncDispose]() {
      await receiver.stop();
      await app.settled();
      await actions?.stop();
      await watcher.stop();
      history.close();
      await slack.stop();
      await rm(folder, { recursive: true });
    },
  };
}
export type TestBot = Awaited<ReturnType<typeof startTestBot>>;
