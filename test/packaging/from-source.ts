import { bundlesFolder } from '../support/bundles.ts';
import type { Runnable } from './lambda-on-this-machine.ts';

const secrets = {
  SLACK_SIGNING_SECRET_PARAMETER: '/dlq-tasks/dev/slack-signing-secret',
  SLACK_BOT_TOKEN_PARAMETER: '/dlq-tasks/dev/slack-bot-token',
};
const watches = {
  WATCH_TABLE: 'Watches',
  HISTORY_TABLE: 'History',
  WATCH_FUNCTION: 'dlq-tasks-dev-watch',
  WATCH_ALIAS: 'durable',
};

function aFunction(name: string, Variables: Record<string, string>) {
  const Handler = `lambda/${name}.handler`;
  return { Type: 'AWS::Lambda::Function', Properties: { Handler, Environment: { Variables } } };
}

const acting = {
  ACTION_TABLE: 'Actions',
  ACTION_FUNCTION: 'dlq-tasks-dev-action',
  ACTION_ALIAS: 'durable',
};

/** The functions as their source has them, for what does not depend on their packaging. */
export const functionsFromSource: Runnable = {
  template: {
    Resources: {
      FrontLambdaFunction: aFunction('front', { ...secrets, WORKER_FUNCTION: 'WorkerLambdaFunction' }),
      WorkerLambdaFunction: aFunction('worker', { ...secrets, ...watches }),
      WatchLambdaFunction: aFunction('watch', { ...secrets, ...watches }),
      FollowLambdaFunction: aFunction('follow', { ...secrets, ...watches }),
      WorkerLambdaEvConf: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { MaximumRetryAttempts: 1 },
      },
    },
    Conditions: {},
    Outputs: {},
  },
  unpacked: async () => bundlesFolder,
  keepsInstances: true,
};

/** The same, deployed with actions. */
export const actingFromSource: Runnable = {
  ...functionsFromSource,
  template: {
    ...functionsFromSource.template,
    Resources: {
      ...functionsFromSource.template.Resources,
      WorkerLambdaFunction: aFunction('worker', { ...secrets, ...watches, ...acting }),
      WatchLambdaFunction: aFunction('watch', { ...secrets, ...watches, ...acting }),
      FollowLambdaFunction: aFunction('follow', { ...secrets, ...watches, ...acting }),
      ActionLambdaFunction: aFunction('action', { ...secrets, ...watches, ...acting }),
    },
  },
};
