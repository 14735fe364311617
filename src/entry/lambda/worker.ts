import { randomUUID } from 'node:crypto';
import { offersRedrives } from '../../domain/queue.ts';
import { openFormAtOnce } from '../../slack/actions/form-window.ts';
import { createSlackApp } from '../../slack/app.ts';
import { createLambdaReceiver, createTellFailure } from '../../slack/lambda-receiver.ts';
import { newErrorId } from '../../slack/listener.ts';
import { boltLogger, promptClient } from '../../slack/slack-client.ts';
import { createRequestClaims } from '../../storage/dynamodb/request-claims.ts';
import { forApp } from '../parts.ts';
import { settingsAsDeployed } from './deployed-settings.ts';
import { createWorkHandler, type WorkerParts } from './handle-work.ts';
import { createLambdaParts, deployedSettings, slackApiUrl, watchesOf } from './lambda-parts.ts';

const { env } = process;
const lambda = await createLambdaParts(env);
const { actions, botToken, clock, log } = lambda;

/**
 * The same bot as in one process. Watches are rows of a table and are polled by the watch function; deployed
 * without it, the bot says that it cannot watch. A card's edits are ordered only within one instance of the
 * function, and queues cannot be searched, because Slack does not wait long enough for the worker.
 */
const createBot: WorkerParts['createBot'] = async (secrets) => {
  const parts = await lambda.partsWith(secrets.botToken, secrets.signingSecret);
  const receiver = createLambdaReceiver();
  const watches = env['WATCH_FUNCTION'] ? watchesOf(lambda, parts) : undefined;
  const settings = await deployedSettings();
  const { readOnly, aws } = lambda;
  const acting =
    actions &&
    watches &&
    (await import('./open-actions.ts')).openActions(actions, {
      ...{ settings, readOnly, parts, aws, watches, start: lambda.startAction(), rows: lambda.rows() },
    });
  createSlackApp({
    ...forApp(parts),
    newErrorId,
    receiver,
    searchable: false,
    ...(watches && {
      watches,
      history: { history: lambda.history(), ...(actions && { actions }) },
    }),
    ...(acting && { actions: acting, startsOf: lambda.lookupsOf(parts).startsOf }),
    knowsActionWords: acting !== undefined && acts,
  });
  return {
    receive: receiver.receive,
    async settled() {
      await acting?.settled();
      // The person comes first.
      if (watches) await lambda.publishRules();
    },
  };
};

const slackOf = (token: string) =>
  promptClient({ botToken: token, apiUrl: slackApiUrl(env), logger: boltLogger(log) });

const asDeployed = await settingsAsDeployed();
const acts = actions !== undefined && 'queues' in asDeployed && offersRedrives(asDeployed.queues);

/** Before access is checked: a form that was opened shows a refusal, too. */
const openForm: WorkerParts['openForm'] = ({ body }, token) =>
  acts ? openFormAtOnce(body, { client: token.then(slackOf), log }) : undefined;

/** Started by the front, asynchronously. */
export const handler = createWorkHandler({
  signingSecret: lambda.signingSecret,
  botToken,
  createBot,
  ...(env['WATCH_TABLE'] && {
    claims: createRequestClaims({ rows: lambda.rows(), clock, newId: randomUUID }),
  }),
  ...(env['WATCH_FUNCTION'] && { openForm }),
  tellFailure: createTellFailure({
    client: async () => slackOf(await botToken()),
    apiUrl: () => slackApiUrl(env),
    log,
  }),
  newErrorId,
  clock,
  log,
});
