import { askOverTheSdk } from '../aws/move-tasks.ts';
import { moveTasksOver } from '../aws/queue-questions.ts';
import type { RoleAccess } from '../aws/role-access.ts';
import type { Settings } from '../config/parse-settings.ts';
import type { Log } from '../operations/log.ts';
import { measuredMoveTasks } from '../operations/measured-move-tasks.ts';
import type { Metrics } from '../operations/metrics.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { findHome, type Home } from '../slack/home.ts';
import { measuredFetch } from '../slack/measured-fetch.ts';
import { promptClient, type SlackConnection } from '../slack/slack-client.ts';
import { createPaced, type createPacersByChannel } from '../slack/telling/lines.ts';
import { createSlackAnnouncer } from '../slack/telling/slack-announcer.ts';
import { createSlackTeller } from '../slack/telling/slack-teller.ts';

export type PartsGiven = {
  settings: Settings;
  botToken: string;
  /** Ends with a slash. */
  slackApiUrl: string;
  aws: RoleAccess;
  log: Log;
  clock: () => number;
  metrics?: Metrics;
  /** Who the bot is; left out, Slack is asked once. */
  homeOf?: (connection: SlackConnection) => Promise<Home>;
};

/** What the server, the worker, a watch and follow have in common, joined in one way. Asks Slack who the bot is. */
export async function joinParts({
  settings,
  botToken,
  slackApiUrl: apiUrl,
  aws,
  log,
  clock,
  metrics,
  homeOf = (connection) => findHome(promptClient(connection)),
}: PartsGiven) {
  const connection = {
    botToken,
    apiUrl,
    logger: boltLogger(log),
    ...(metrics && { fetch: measuredFetch(globalThis.fetch, { metrics, clock, apiUrl }) }),
  };
  const client = promptClient(connection);
  const queuesByArn = new Map(settings.queues.map((queue) => [queue.arn, queue]));
  const moveTasks = moveTasksOver(askOverTheSdk(aws));
  return {
    settings,
    queueOf: (arn: string) => queuesByArn.get(arn),
    moveTasks: metrics ? measuredMoveTasks(moveTasks, metrics, clock) : moveTasks,
    connection,
    /** For answering people. */
    client,
    home: await homeOf(connection),
    cards: createCardOrder(),
    log,
    clock,
    ...(metrics && { metrics }),
  };
}
export type Parts = Awaited<ReturnType<typeof joinParts>>;

/** Tells the watchers, on a client of its own: what people wait for never stands behind it. */
export function tellerOf({ connection, home, cards, queueOf, log, clock }: Parts) {
  return createSlackTeller({ client: promptClient(connection), home, cards, queueOf, log, clock });
}

/** Posts what starts elsewhere, where no teller does. */
export function announcerOf(
  { client, home, cards, log, clock }: Parts,
  posts: ReturnType<typeof createPacersByChannel>,
) {
  return createSlackAnnouncer({ client, home, cards, log, paced: createPaced(clock), posts });
}
