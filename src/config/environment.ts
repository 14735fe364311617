import * as z from 'zod';
import type { Fault } from './fault.ts';
import { parseSlackApiUrl } from './slack-api-url.ts';

export const environmentDefaults = {
  port: 3000,
  configPath: './dlq-tasks.yml',
  dataFolder: './data',
  slackApiUrl: 'https://slack.com/api/',
  logLevel: 'info',
} as const;

export function settingsPath(env: Readonly<Record<string, string | undefined>>): string {
  return env['DLQ_TASKS_CONFIG'] || environmentDefaults.configPath;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type SlackMode = { kind: 'http'; signingSecret: string } | { kind: 'socket'; appToken: string };

/** The environment variables, parsed. They hold secrets: do not log them. */
export type Environment = ReturnType<typeof environmentOf>;

export type ParsedEnvironment = { ok: true; environment: Environment } | { ok: false; faults: Fault[] };

const portWords = 'must be a number from 0 to 65535';

const Port = z
  .string()
  .regex(/^\d{1,5}$/, { error: portWords, abort: true })
  .refine((port) => Number(port) <= 65_535, { error: portWords })
  .transform(Number);

const SlackApiUrl = z.string().transform((text, context) => {
  const parsed = parseSlackApiUrl(text);
  if (parsed.ok) return parsed.url;
  context.issues.push({ code: 'custom', message: parsed.message, input: text });
  return z.NEVER;
});

const Variables = z.object({
  SLACK_BOT_TOKEN: token('xoxb-', "the bot token from OAuth & Permissions in the app's settings"),
  SLACK_SIGNING_SECRET: secret().optional(),
  SLACK_APP_TOKEN: token('xapp-', 'an app-level token').optional(),
  PORT: Port.default(environmentDefaults.port),
  DLQ_TASKS_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, { error: 'must be an address of this machine, such as 127.0.0.1 or ::' })
    .optional(),
  DLQ_TASKS_METRICS_PORT: Port.optional(),
  DLQ_TASKS_CONFIG: z.string().default(environmentDefaults.configPath),
  DLQ_TASKS_DATA: z.string().default(environmentDefaults.dataFolder),
  DLQ_TASKS_READ_ONLY: z
    .enum(['0', '1'], { error: 'must be 1 (read-only) or 0' })
    .default('0')
    .transform((value) => value === '1'),
  SLACK_API_URL: SlackApiUrl.default(environmentDefaults.slackApiUrl),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }))
    .default(environmentDefaults.logLevel),
});

/** Reports every fault at once. Messages never repeat a value, which may be a secret. An empty variable counts as unset. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ParsedEnvironment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = Variables.safeParse(given);
  const faults = (error?.issues ?? []).map(({ path, message }) => ({ path: path.join('.'), message }));
  const mode = modeOf(given);
  if (data && mode) return { ok: true, environment: environmentOf(data, mode) };
  return { ok: false, faults: mode ? faults : [...faults, noMode] };
}

const noMode: Fault = {
  path: 'SLACK_SIGNING_SECRET',
  message: 'is not set; set it to serve HTTP, or set SLACK_APP_TOKEN to use Socket Mode',
};

/** If both are set, the app token wins: it exists only for Socket Mode, while every app has a signing secret. */
function modeOf(env: Readonly<Record<string, string | undefined>>): SlackMode | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  if (appToken !== undefined) return { kind: 'socket', appToken };
  return signingSecret === undefined ? undefined : { kind: 'http', signingSecret };
}

function environmentOf(read: z.infer<typeof Variables>, mode: SlackMode) {
  const { DLQ_TASKS_HOST: host, DLQ_TASKS_METRICS_PORT: metricsPort } = read;
  return {
    botToken: read.SLACK_BOT_TOKEN,
    mode,
    /** Ends with a slash. */
    slackApiUrl: read.SLACK_API_URL,
    /** 0: any free port. */
    port: read.PORT,
    /** The address to listen on; all addresses when absent. */
    ...(host !== undefined && { host }),
    /** If set, `/readyz` and `/metrics` are on this port only. */
    ...(metricsPort !== undefined && { metricsPort }),
    configPath: read.DLQ_TASKS_CONFIG,
    dataFolder: read.DLQ_TASKS_DATA,
    /** Nothing is started or canceled, whatever the settings say. */
    readOnly: read.DLQ_TASKS_READ_ONLY,
    logLevel: read.LOG_LEVEL,
  };
}

/** Rejects what a careless paste leaves around a secret, which Slack would refuse without saying why. */
function secret(missing?: string) {
  return z
    .string({ error: missing })
    .regex(/^[^"'`‘’“”]*$/u, { error: 'contains quotes; remove them', abort: true })
    .regex(/^[\x21-\x7e]*$/, {
      error: 'contains white space or a special character; paste it again',
      abort: true,
    });
}

function token(prefix: string, what: string) {
  return secret(`is not set; set it to ${what} (${prefix}…)`).regex(new RegExp(`^${prefix}[\\w-]+$`), {
    error: `must be ${prefix} followed by letters, digits, and dashes: it is ${what}`,
  });
}
