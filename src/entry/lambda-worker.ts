import { createReadParameter } from '../aws/read-parameter.ts';
import { parseSlackApiUrl } from '../config/slack-api-url.ts';
import type { VerifiedRequest } from '../slack/lambda-receiver.ts';
import { answerByUrl, isFollowed } from '../slack/response-url.ts';
import { mishapView } from '../slack/views/mishap.ts';
import { newErrorId } from './error-id.ts';
import { awsCall } from './lambda-aws.ts';
import { createLambdaBot } from './lambda-bot.ts';
import { createLambdaLog } from './lambda-log.ts';
import { kept } from './lambda-secrets.ts';
import { variable } from './lambda-variables.ts';
import { createWork } from './lambda-work.ts';
import { createPlainFetch } from './plain-fetch.ts';

const clock = Date.now;
const log = createLambdaLog({ level: 'info', secrets: [] });
const read = createReadParameter(awsCall(process.env));
const parameter = (variableName: string) => {
  const name = variable(variableName, process.env);
  return kept(() => read(name), { clock });
};

async function tellMishap({ body }: VerifiedRequest, errorId: string): Promise<void> {
  const api = parseSlackApiUrl(process.env['SLACK_API_URL'] || 'https://slack.com/api/');
  const url = String(body['response_url'] ?? '');
  if (!api.ok || !isFollowed(url, api.url)) return;
  const failure = await answerByUrl(url, mishapView(errorId), {}, createPlainFetch());
  if (failure) log.error({ ...failure, errorId }, 'the person could not be told');
}

/** Started by the front, asynchronously and at most once for each request. */
export const handler = createWork({
  signingSecret: parameter('SLACK_SIGNING_SECRET_PARAMETER'),
  botToken: parameter('SLACK_BOT_TOKEN_PARAMETER'),
  createBot: (secrets) => createLambdaBot(process.env, secrets),
  tellMishap,
  newErrorId,
  clock,
  log,
});
