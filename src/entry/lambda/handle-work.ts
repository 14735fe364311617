import { createTimeLimit } from '../../aws/time-limit.ts';
import { createExpiring, forever } from '../../operations/expiring.ts';
import type { Log } from '../../operations/log.ts';
import {
  type Known,
  type LambdaReceiver,
  type VerifiedRequest,
  verifiedRequest,
} from '../../slack/lambda-receiver.ts';

export type Secrets = { botToken: string; signingSecret: string };
type LambdaBot = Pick<LambdaReceiver, 'receive'>;

export type WorkerParts = {
  signingSecret: () => Promise<string>;
  botToken: () => Promise<string>;
  createBot: (secrets: Secrets) => Promise<LambdaBot>;
  /** Opens the form that a request asks for, if it asks for one: its trigger lives for three seconds. Never rejects. */
  openForm?: (request: VerifiedRequest, botToken: Promise<string>) => Known['form'];
  /** Whether this invocation is the one to answer the request with this signature. Absent: there is no table. */
  claim?: ((signature: string) => Promise<boolean>) | undefined;
  /** Tells the person that the bot itself failed, in the form if one was opened. It must not reject. */
  tellUnexpectedError: (request: VerifiedRequest, errorId: string, form: Known['form']) => Promise<void>;
  newErrorId: () => string;
  clock: () => number;
  log: Log;
};

/** Far longer than DynamoDB takes, including loading its client, and short enough for a waiting person. */
const claimWithinMs = 5_000;

/**
 * Answers what the front passes on, once, although Lambda may deliver an event twice: a claim is written in parallel
 * with the work and awaited before anything is said or changed. If it cannot be written in time, the request is
 * answered anyway and the log says so: answering twice on rare occasions is better than not answering while DynamoDB is
 * down. It throws only if the bot cannot run at all, which then counts as an error.
 */
export function createWorkHandler(parts: WorkerParts): (event: unknown) => Promise<void> {
  /** One per pair of secrets. */
  const bots = createExpiring<LambdaBot>({ clock: parts.clock, lifeOf: forever });

  async function readyBot(
    request: VerifiedRequest,
    signingSecret: string,
    botToken: Promise<string>,
    { isOurs, form }: Known,
  ): Promise<LambdaBot> {
    try {
      const secrets = { botToken: await botToken, signingSecret };
      return await bots.get(JSON.stringify(secrets), () => parts.createBot(secrets));
    } catch (error) {
      const errorId = parts.newErrorId();
      parts.log.error({ error, errorId }, 'the bot cannot start');
      if (await isOurs) await parts.tellUnexpectedError(request, errorId, form);
      throw error;
    }
  }

  async function isOursToAnswer({ headers }: VerifiedRequest): Promise<boolean> {
    const { claim = async () => true } = parts;
    try {
      return await createTimeLimit(claimWithinMs)(() => claim(headers['x-slack-signature'] ?? ''));
    } catch (error) {
      parts.log.warn(
        { err: error },
        'could not claim a request; if it arrives twice, it will be answered twice',
      );
      return true;
    }
  }

  return async (event) => {
    // In parallel, since each may take a while.
    const botToken = parts.botToken();
    botToken.catch(() => undefined);
    const signingSecret = await parts.signingSecret();
    const request = verifiedRequest(event, { signingSecret, now: parts.clock() });
    if (!request) {
      parts.log.warn({}, 'request rejected: wrong signature, or too old');
      return;
    }
    // Before the bot has learned from Slack who it is.
    const form = parts.openForm?.(request, botToken);
    const isOurs = isOursToAnswer(request);
    const known = { isOurs, ...(form && { form }) };
    const bot = await readyBot(request, signingSecret, botToken, known);
    await bot.receive(request, known);
    // Not every request waits for it, and Lambda freezes the process once this function returns.
    await isOurs;
  };
}
