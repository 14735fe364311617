import { randomUUID } from 'node:crypto';
import { createLambdaReceiver, type VerifiedRequest } from '../../slack/lambda-receiver.ts';
import { answerByUrl, isResponseUrl } from '../../slack/response-url.ts';
import { unexpectedErrorView } from '../../slack/views/unexpected-error.ts';
import { createDynamodbWatches } from '../../storage/dynamodb/dynamodb-watches.ts';
import { createRequestClaims } from '../../storage/dynamodb/request-claims.ts';
import { appOf, newErrorId } from '../app-of.ts';
import { createWorkHandler, type WorkerParts } from './handle-work.ts';
import { createLambdaParts, slackApiUrl } from './lambda-parts.ts';

const { env } = process;
const { botToken, signingSecret, partsWith, rows, publishRules, startWatch, clock, log } =
  createLambdaParts(env);

/**
 * The same bot as in one process. Watches are rows of a table and are polled by the watch function; deployed without
 * it, the bot says that it cannot watch. A card's edits are ordered only within one instance of the function, and queues
 * cannot be searched: Slack does not wait long enough for the worker.
 */
const createBot: WorkerParts['createBot'] = async (secrets) => {
  const parts = await partsWith(secrets.botToken, secrets.signingSecret);
  const receiver = createLambdaReceiver();
  const watches = env['WATCH_FUNCTION'] && {
    watches: createDynamodbWatches({ rows: rows(), start: startWatch(), clock, log: parts.log }),
  };
  appOf(parts, { receiver, searchable: false, ...watches });
  return {
    async receive(request, isOurs) {
      await receiver.receive(request, isOurs);
      // The person comes first.
      if (watches) await publishRules();
    },
  };
};

async function tellUnexpectedError({ body }: VerifiedRequest, errorId: string): Promise<void> {
  const url = String(body['response_url'] ?? '');
  if (!isResponseUrl(url, slackApiUrl(env))) return;
  const failure = await answerByUrl(url, unexpectedErrorView(errorId));
  if (failure) log.error({ ...failure, errorId }, 'could not send the error message to the person');
}

/** Started by the front, asynchronously. */
export const handler = createWorkHandler({
  signingSecret,
  botToken,
  createBot,
  ...(env['WATCH_TABLE'] && createRequestClaims({ rows: rows(), clock, newId: randomUUID })),
  tellUnexpectedError,
  newErrorId,
  clock,
  log,
});
