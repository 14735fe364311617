import { createExpiring, forGood } from '../../operations/expiring.ts';
import type { Log } from '../../operations/log.ts';
import { type LambdaReceiver, type VerifiedRequest, verifiedRequest } from '../../slack/lambda-receiver.ts';

export type Secrets = { botToken: string; signingSecret: string };
type LambdaBot = Pick<LambdaReceiver, 'receive'>;

export type WorkerParts = {
  signingSecret: () => Promise<string>;
  botToken: () => Promise<string>;
  createBot: (secrets: Secrets) => Promise<LambdaBot>;
  /** Tells the person that the bot itself is at fault. It must not reject. */
  tellUnexpectedError: (request: VerifiedRequest, errorId: string) => Promise<void>;
  newErrorId: () => string;
  clock: () => number;
  log: Log;
};

/** Answers what the front hands on. It throws only when the bot cannot run at all, which then counts as an error. */
export function createWorkHandler(parts: WorkerParts): (event: unknown) => Promise<void> {
  /** One for each pair of secrets. */
  const bots = createExpiring<LambdaBot>({ clock: parts.clock, lifeOf: forGood });

  async function readyBot(
    request: VerifiedRequest,
    signingSecret: string,
    botToken: Promise<string>,
  ): Promise<LambdaBot> {
    try {
      const secrets = { botToken: await botToken, signingSecret };
      return await bots.get(JSON.stringify(secrets), () => parts.createBot(secrets));
    } catch (error) {
      const errorId = parts.newErrorId();
      parts.log.error({ error, errorId }, 'the bot cannot run');
      await parts.tellUnexpectedError(request, errorId);
      throw error;
    }
  }

  return async (event) => {
    // Both are asked for at once, since each may take a while.
    const botToken = parts.botToken();
    botToken.catch(() => undefined);
    const signingSecret = await parts.signingSecret();
    const request = verifiedRequest(event, { signingSecret, now: parts.clock() });
    if (!request) {
      parts.log.warn({}, 'a request was refused: it is not as Slack signed it, or too old');
      return;
    }
    const bot = await readyBot(request, signingSecret, botToken);
    await bot.receive(request);
  };
}
