import manifest from '../../package.json' with { type: 'json' };
import { moveTasksWith, withSourceDepth } from '../aws/move-tasks.ts';
import type { RoleAccess } from '../aws/role-access.ts';
import type { Settings } from '../config/parse-settings.ts';
import { actionLookups, type StartsOf } from '../operations/actions/started-here.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import { measuredMoveTasks } from '../operations/move-tasks.ts';
import { type BotIdentity, fetchBotIdentity } from '../slack/bot-identity.ts';
import { createCardOrder } from '../slack/card-order.ts';
import { createClickEdits } from '../slack/notifier/click-edits.ts';
import type { PacersByChannel } from '../slack/notifier/pacer.ts';
import { createSlackNotifier } from '../slack/notifier/slack-notifier.ts';
import { boltLogger, measuredFetch, promptClient, type SlackConnection } from '../slack/slack-client.ts';
import { linkToRequest } from '../slack/views/actions/action-words.ts';

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
  const asked = moveTasksWith(aws);
  const moveTasks = metrics ? measuredMoveTasks(asked, metrics, clock) : asked;
  return {
    settings: { ...settings, queues },
    queueOf: (arn: string) => queuesByArn.get(arn),
    moveTasks: withSourceDepth(moveTasks, aws),
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

/** What the Slack app needs, in one process and in the worker. */
export function forApp({ connection, settings: { access, queues }, queueOf: _, ...parts }: Parts) {
  return { ...connection, ...parts, access, queues, version: manifest.version };
}

/** Has a client of its own, so that answers to people never queue behind notifications. */
export function notifierOf({ connection, ...parts }: Parts, startsOf: StartsOf, posts?: PacersByChannel) {
  return createSlackNotifier({
    ...parts,
    client: promptClient(connection),
    startsOf,
    ...(posts && { posts }),
  });
}

/** What is asked of actions. `actions`: undefined where there are none, or not yet. */
export function lookupsOf(
  { identity }: { identity: BotIdentity },
  actions: Parameters<typeof actionLookups>[0],
) {
  return actionLookups(actions, (start, shownOn) => linkToRequest(start, identity.workspaceUrl, shownOn));
}
