import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTimeLimit } from '../../aws/time-limit.ts';
import { createExpiring, forever } from '../../operations/expiring.ts';
import type { Log } from '../../operations/log.ts';
import {
  type BotFailure,
  type Known,
  type LambdaReceiver,
  type VerifiedRequest,
  verifiedRequest,
} from '../../slack/lambda-receiver.ts';
import type { Claim, createRequestClaims } from '../../storage/dynamodb/request-claims.ts';

export type Secrets = { botToken: string; signingSecret: string };
type LambdaBot = Pick<LambdaReceiver, 'receive'> & {
  /** Does what no one waits for, before Lambda freezes the process. */
  settled?: () => Promise<void>;
};

export type WorkerParts = {
  signingSecret: () => Promise<string>;
  botToken: () => Promise<string>;
  createBot: (secrets: Secrets) => Promise<LambdaBot>;
  /** Opens the form that a request asks for, if it asks for one: its trigger lives for three seconds. Never rejects. */
  openForm?: (request: VerifiedRequest, botToken: Promise<string>) => Known['form'];
  /** Which invocation answers a request. Absent: there is no table. */
  claims?: RequestClaims | undefined;
  /** Tells the person that the bot itself failed, in the form if one was opened. It must not reject. */
  tellFailure: (request: VerifiedRequest, failure: BotFailure, form: Known['form']) => Promise<void>;
  newErrorId: () => string;
  clock: () => number;
  log: Log;
};

type RequestClaims = ReturnType<typeof createRequestClaims>;

/** Far longer than DynamoDB takes, including loading its client, and short enough for a waiting person. */
const claimWithinMs = 5_000;

/**
 * Answers what the front passes on, once, although Lambda may deliver an event twice: a claim is written in parallel
 * with the work and awaited before anything is said or changed. If it cannot be written in time, the request is
 * answered anyway and the log says so: answering twice on rare occasions is better than not answering while DynamoDB is
 * down. It throws only if the bot cannot run at all, which then counts as an error. Lambda tries an event again whose
 * invocation failed or was killed: if no one has answered it, the person is told that it was interrupted.
 */
export function createWorkHandler(parts: WorkerParts): (event: unknown) => Promise<void> {
  const { claimed, answered } = createClaiming(parts);
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
      if (await isOurs) {
        await parts.tellFailure(request, { kind: 'unexpected', errorId }, form);
        await answered(request);
      }
      throw error;
    }
  }

  async function interrupted(request: VerifiedRequest, form: Known['form']): Promise<void> {
    const errorId = parts.newErrorId();
    parts.log.error({ errorId }, 'the worker ended before it had answered a request; telling the person');
    await parts.tellFailure(request, { kind: 'interrupted', errorId }, form);
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
    // Slack takes the longest to say who the bot is, so it is asked first.
    const claim = botToken.then(nextTurn, nextTurn).then(() => claimed(request));
    const isOurs = claim.then((made) => made === 'ours');
    const told = claim.then((made) => (made === 'interrupted' ? interrupted(request, form) : undefined));
    const known = { isOurs, ...(form && { form }) };
    try {
      const bot = await readyBot(request, signingSecret, botToken, known);
      await bot.receive(request, known);
      if (await isOurs) await answered(request);
      await bot.settled?.();
    } finally {
      // Lambda freezes the process once this function returns.
      await told;
    }
  };
}

/** What goes wrong with claims delays no one, and prevents no answer. */
function createClaiming({ claims, log }: Pick<WorkerParts, 'claims' | 'log'>) {
  const within = createTimeLimit(claimWithinMs);

  async function claimed(request: VerifiedRequest): Promise<Claim> {
    try {
      return claims ? await within(() => claims.claim(signatureOf(request))) : 'ours';
    } catch (error) {
      log.warn({ err: error }, 'could not claim a request; if it arrives twice, it will be answered twice');
      return 'ours';
    }
  }

  async function answered(request: VerifiedRequest): Promise<void> {
    await within(async () => claims?.answered(signatureOf(request))).catch((error: unknown) =>
      log.debug({ err: error }, 'could not save that a request is answered'),
    );
  }

  return { claimed, answered };
}

function signatureOf({ headers }: VerifiedRequest): string {
  return headers['x-slack-signature'] ?? '';
}
