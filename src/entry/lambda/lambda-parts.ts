import { plainError } from '../../aws/aws-error-from.ts';
import { createReadParameter } from '../../aws/read-parameter.ts';
import { createRoleAccess, type RoleAccess } from '../../aws/role-access.ts';
import type { Settings } from '../../config/parse-settings.ts';
import { secretsIn } from '../../config/secret-variables.ts';
import { parseSlackApiUrl } from '../../config/slack-api-url.ts';
import { offersRedrives } from '../../domain/queue.ts';
import type { ActionRun, StartActionRun } from '../../operations/actions/ports.ts';
import { createExpiring, forever } from '../../operations/expiring.ts';
import type { HistoryStore } from '../../operations/history.ts';
import { once } from '../../operations/once.ts';
import type { StartWatch, WatchRun } from '../../operations/watching/watch-store.ts';
import type { Watches } from '../../operations/watching/watches.ts';
import type { TableParts } from '../../storage/dynamodb/open-table.ts';
import { createWatchTable } from '../../storage/dynamodb/watch-table.ts';
import { createLog } from '../log.ts';
import { joinParts, lookupsOf, type Parts } from '../parts.ts';
import { settingsAsDeployed } from './deployed-settings.ts';
import { createSecrets, variable } from './environment.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What only the functions need: secrets from SSM, a table, and the watch function to start. */
export async function createLambdaParts(env: Env) {
  const clock = Date.now;
  const level = env['LOG_LEVEL'] || 'info';
  const log = createLog({ level, secrets: secretsIn(env) });
  const aws = createRoleAccess({ clock });
  const { asItself } = aws.connections;
  const secret = createSecrets({ read: createReadParameter(asItself), clock, log });
  const secretIn = (name: string) => {
    const parameter = variable(name, env);
    return () => secret(parameter);
  };
  const readOnly = !['', '0'].includes(env['DLQ_TASKS_READ_ONLY'] ?? '');
  const own = { config: asItself, plainError, clock, log };
  const { ACTION_TABLE: actionTable } = env;
  const actions = actionTable
    ? (await import('./lazy-tables.ts')).createDynamodbActionStore({
        ...own,
        table: actionTable,
      })
    : undefined;
  const made = createExpiring<Parts>({ clock, lifeOf: forever });
  const rows = () => createWatchTable({ ...own, table: variable('WATCH_TABLE', env) });
  const rulesRow = async () => (await import('./lazy-tables.ts')).createRulesRow({ rows: rows(), clock });
  const rules = async () => rulesIn(await deployedSettings(), readOnly);
  const published = createExpiring<unknown>({ clock, lifeOf: forever });

  return {
    clock,
    log,
    asItself,
    aws,
    readOnly,
    botToken: secretIn('SLACK_BOT_TOKEN_PARAMETER'),
    signingSecret: () => secretIn('SLACK_SIGNING_SECRET_PARAMETER')(),
    rows,
    history: () => historyIn({ ...own, table: variable('HISTORY_TABLE', env) }),
    /** Runs of older deployments compare their own rules with it. */
    rulesRow,
    rules,
    /**
     * Stores the rules of this deployment once; after a failure the next call tries again. Not for `watch`, of which
     * older versions may still run. It never rejects.
     */
    publishRules: (): Promise<unknown> =>
      published
        .get('', async () => (await rulesRow()).publish(await rules()))
        .catch((error: unknown) =>
          log.warn({ err: error }, "could not store this deployment's rules for older watches"),
        ),
    /** Absent: deployed without actions, so nothing about them is shown. */
    actions,
    /** For cards and announcements: who started a redrive here, and why. */
    lookupsOf: (parts: Parts) => lookupsOf(parts, () => actions),
    startWatch: (): StartWatch => startOf('WATCH', env, asItself),
    startAction: (): StartActionRun => startOf('ACTION', env, asItself),
    /** Recreated when the token was rotated, and after a failure. */
    partsWith: (botToken: string, ...others: string[]): Promise<Parts> =>
      made.get(JSON.stringify([botToken, ...others]), async () => {
        const settings = await deployedSettings();
        const redacted = createLog({ level, secrets: [...secretsIn(env), botToken, ...others] });
        const acts = Boolean(env['ACTION_TABLE']) && !readOnly && offersRedrives(settings.queues);
        const given = { settings, botToken, slackApiUrl: slackApiUrl(env), aws, clock, acts };
        return joinParts({ ...given, log: redacted });
      }),
  };
}

/** Starts a function by its alias: a run keeps the version that it started with. */
function startOf(which: 'WATCH' | 'ACTION', env: Env, config: RoleAccess['connections']['asItself']) {
  const functionName = variable(`${which}_FUNCTION`, env);
  const qualifier = variable(`${which}_ALIAS`, env);
  const opened = once(async () =>
    (await import('../../aws/start-function.ts')).createStartFunction(config, { functionName, qualifier }),
  );
  return async (run: WatchRun | ActionRun) => (await opened())(run);
}

/** What runs compare with the newest deployment's. */
function rulesIn(settings: Settings, readOnly: boolean): Settings {
  return readOnly
    ? { ...settings, queues: settings.queues.map(({ redrive: _, ...queue }) => queue) }
    : settings;
}

export type LambdaParts = Pick<
  Awaited<ReturnType<typeof createLambdaParts>>,
  'rows' | 'startWatch' | 'clock'
>;

/** Loaded with the first click: a card needs none of it. */
export function watchesOf({ rows, startWatch, clock }: LambdaParts, { log }: Pick<Parts, 'log'>): Watches {
  const parts = { rows: rows(), start: startWatch(), clock, log };
  const loaded = once(async () => (await import('./lazy-tables.ts')).createDynamodbWatches(parts));
  return {
    watch: async (request) => (await loaded()).watch(request),
    unwatch: async (request) => (await loaded()).unwatch(request),
    list: async (of) => (await loaded()).list(of),
    ofCard: async (card) => (await loaded()).ofCard(card),
    observed: async (seen) => (await loaded()).observed(seen),
  };
}

/** Loaded when someone asks for the history, or when a redrive has ended. */
function historyIn(parts: TableParts): HistoryStore {
  const loaded = once(async () => (await import('./lazy-tables.ts')).createHistoryTable(parts));
  return {
    record: async (redrive) => (await loaded()).record(redrive),
    list: async (of) => (await loaded()).list(of),
  };
}

export async function deployedSettings(): Promise<Settings> {
  const settings = await settingsAsDeployed();
  if ('faults' in settings) throw new Error(`The settings have errors:\n${settings.faults}`);
  return settings;
}

export function slackApiUrl(env: Env): string {
  const api = parseSlackApiUrl(env['SLACK_API_URL'] || 'https://slack.com/api/');
  if (!api.ok) throw new Error(`SLACK_API_URL ${api.message}`);
  return api.url;
}
