import { createAskAsRole } from '../aws/ask-as-role.ts';
import { moveTasksWith, withSourceDepth } from '../aws/move-tasks.ts';
import type { RoleAccess } from '../aws/role-access.ts';
import type { Settings } from '../config/parse-settings.ts';
import type { StartsOf } from '../operations/actions/started-here.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { measuredMoveTasks } from '../operations/move-tasks.ts';
import { type BotIdentity, fetchBotIdentity } from '../slack/bot-identity.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { createClickEdits } from '../slack/notifier/click-edits.ts';
import { createPaced, type createPacersByChannel } from '../slack/notifier/pacer.ts';
import { createSlackAnnouncer } from '../slack/notifier/slack-announcer.ts';
import { createSlackNotifier } from '../slack/notifier/slack-notifier.ts';
import { boltLogger, measuredFetch, promptClient, type SlackConnection } from '../slack/slack-client.ts';

export type PartsGiven = {
  settings: Settings;
  botToken: string;
  /** Ends with a slash. */
  slackApiUrl: string;
  aws: RoleAccess;
  log: Log;
  clock: () => number;
  metrics?: Metrics;
  /** Whether people may change queues; otherwise no card offers it, whatever the settings say. */
  acts?: boolean;
  /** How to ask Slack who the bot is. Absent: once. */
  identityOf?: (connection: SlackConnection) => Promise<BotIdentity>;
};

/** The assembly that the server, the worker, watch and follow share. Asks Slack who the bot is. */
export async function joinParts({
  settings,
  botToken,
  slackApiUrl: apiUrl,
  aws,
  log,
  clock,
  metrics,
  acts = false,
  identityOf,
}: PartsGiven) {
  const connection = {
    botToken,
    apiUrl,
    logger: boltLogger(log),
    ...(metrics && { fetch: measuredFetch(globalThis.fetch, { metrics, clock, apiUrl }) }),
  };
  const client = promptClient(connection);
  const queues = acts ? settings.queues : settings.queues.map(({ redrive: _, ...queue }) => queue);
  const queuesByArn = new Map(queues.map((queue) => [queue.arn, queue]));
  const ask = createAskAsRole(aws);
  const asked = moveTasksWith(ask);
  const moveTasks = metrics ? measuredMoveTasks(asked, metrics, clock) : asked;
  return {
    settings: { ...settings, queues },
    queueOf: (arn: string) => queuesByArn.get(arn),
    moveTasks: withSourceDepth(moveTasks, ask, clock),
    connection,
    /** Answers people. */
    client,
    identity: await (identityOf?.(connection) ?? fetchBotIdentity(client)),
    cards: createCardOrder(),
    clickEdits: createClickEdits({ ...connection, clock }),
    log,
    clock,
    ...(metrics && { metrics }),
  };
}
export type Parts = Awaited<ReturnType<typeof joinParts>>;

/** Has a client of its own, so that answers to people never queue behind notifications. */
export function notifierOf(
  { connection, identity, cards, clickEdits, queueOf, log, clock }: Parts,
  startsOf?: StartsOf,
) {
  const client = promptClient(connection);
  const parts = { client, identity, cards, clickEdits, queueOf, log, clock };
  return createSlackNotifier({ ...parts, ...(startsOf && { startsOf }) });
}

/** Announces starts where no notifier runs. */
export function announcerOf(
  { client, identity, cards, log, clock }: Parts,
  posts: ReturnType<typeof createPacersByChannel>,
  startsOf?: StartsOf,
) {
  const paced = createPaced(clock);
  return createSlackAnnouncer({ client, identity, cards, log, paced, posts, ...(startsOf && { startsOf }) });
}
