import type { Log } from '../operations/log.ts';
import { type VerifiedRequest, verifiedRequest } from '../slack/lambda-receiver.ts';
import type { LambdaBot, Secrets } from './lambda-bot.ts';

export type WorkerParts = {
  signingSecret: () => Promise<string>;
  botToken: () => Promise<string>;
  createBot: (secrets: Secrets) => Promise<LambdaBot>;
  /** Tells the person that the bot itself is at fault. It must not reject. */
  tellMishap: (request: VerifiedRequest, errorId: string) => Promise<void>;
  newErrorId: () => string;
  clock: () => number;
  log: Log;
};

/** Answers what the front hands on. It throws only when the bot cannot run at all, which then counts as an error. */
export function createWork(parts: WorkerParts): (event: unknown) => Promise<void> {
  const botFor = oneBotAtATime(parts.createBot);

  async function readyBot(
    request: VerifiedRequest,
    signingSecret: string,
    botToken: Promise<string>,
  ): Promise<LambdaBot> {
    try {
      return await botFor({ botToken: await botToken, signingSecret });
    } catch (error) {
      const errorId = parts.newErrorId();
      parts.log.error({ error, errorId }, 'the bot cannot run');
      await parts.tellMishap(request, errorId);
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

/** The bot that was made with these secrets; with others a new one, and so after a failure. */
function oneBotAtATime(createBot: WorkerParts['createBot']) {
  let current: { key: string; bot: Promise<LambdaBot> } | undefined;
  return (secrets: Secrets): Promise<LambdaBot> => {
    const key = JSON.stringify(secrets);
    if (current?.key !== key) current = { key, bot: createBot(secrets) };
    const { bot } = current;
    bot.catch(() => {
      if (current?.bot === bot) current = undefined;
    });
    return bot;
  };
}
