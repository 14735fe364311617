import { createLambdaReceiver, type VerifiedRequest } from '../slack/lambda-receiver.ts';
import { answerByUrl, isFollowed } from '../slack/response-url.ts';
import { mishapView } from '../slack/views/mishap.ts';
import { createSharedWatches } from '../watching/shared-watches.ts';
import { appOf } from './app-of.ts';
import { newErrorId } from './error-id.ts';
import { createLambdaParts, slackApiUrl } from './lambda-parts.ts';
import { createWork, type WorkerParts } from './lambda-work.ts';

const { env } = process;
const { botToken, signingSecret, partsWith, rows, publishRules, startWatch, clock, log } =
  createLambdaParts(env);

/**
 * The same bot as in one process. Its watches are rows of a table, and functions of their own look; deployed without
 * those it says that it cannot watch. The order of a card's edits is kept within one instance of the function only, and
 * nobody can search for a queue: such an answer cannot wait for the worker.
 */
const createBot: WorkerParts['createBot'] = async (secrets) => {
  const parts = await partsWith(secrets.botToken, secrets.signingSecret);
  const receiver = createLambdaReceiver();
  const watches = env['WATCH_FUNCTION'] && {
    watches: createSharedWatches({ rows: rows(), start: startWatch(), clock, log: parts.log }),
  };
  appOf(parts, { receiver, searchable: false, ...watches });
  return {
    async receive(request) {
      await receiver.receive(request);
      // The person comes first: this loads what asks the table.
      if (watches) await publishRules();
    },
  };
};

async function tellMishap({ body }: VerifiedRequest, errorId: string): Promise<void> {
  const url = String(body['response_url'] ?? '');
  if (!isFollowed(url, slackApiUrl(env))) return;
  const failure = await answerByUrl(url, mishapView(errorId));
  if (failure) log.error({ ...failure, errorId }, 'the person could not be told');
}

/** Started by the front, asynchronously and at most once for each request. */
export const handler = createWork({
  signingSecret,
  botToken,
  createBot,
  tellMishap,
  newErrorId,
  clock,
  log,
});
