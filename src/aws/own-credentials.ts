import type { STSClientConfig } from '@aws-sdk/client-sts';
import { defaultProvider } from '@aws-sdk/credential-provider-node';

type Credentials = Extract<STSClientConfig['credentials'], (...given: never[]) => unknown>;
export type Keys = Awaited<ReturnType<Credentials>>;

/** Why there are no credentials, with the message of each source that was tried. */
export class NoOwnCredentials extends Error {
  override name = 'NoOwnCredentials';
  readonly code: string;

  constructor(cause: unknown, reasons: readonly string[]) {
    const { message, name, code } = Object(cause);
    super([...new Set([message, ...reasons].map(sentence))].join(' '), { cause });
    this.code = typeof code === 'string' ? code : String(name);
  }
}

/**
 * The bot's own credentials, wherever the SDK's chain finds them. The chain hides the messages of its sources if none of
 * them has credentials.
 */
export function createOwnCredentials() {
  const said: string[] = [];
  let chain = openChain(said);
  let asked: Promise<Keys> | undefined;

  async function ask(properties: Parameters<Credentials>[0]): Promise<Keys> {
    said.length = 0;
    try {
      return await chain(properties);
    } catch (error) {
      const reasons = said.flatMap(reasonIn);
      // Any other error is the reason.
      if (!saysNothing.test(String(Object(error).message))) throw new NoOwnCredentials(error, []);
      const found = await askAgain(said);
      if (found && 'keys' in found) return found.keys;
      throw new NoOwnCredentials(error, found ? [...reasons, found.reason] : reasons);
    }
  }

  const provider = (properties?: Parameters<Credentials>[0]) => {
    asked ??= ask(properties).finally(() => {
      asked = undefined;
    });
    return asked;
  };
  return {
    /** For the SDK's clients, which must not add a cache to the chain's. Rejects with NoOwnCredentials. */
    provider: Object.assign(provider, { memoized: true as const }),
    /** The next request reads all sources again. */
    forget() {
      chain = openChain(said);
    },
  };
}

function openChain(said: string[]) {
  const say = (...words: unknown[]) => void said.push(words.join(' '));
  const warn = (words: unknown) => process.emitWarning(String(words));
  return defaultProvider({ ignoreCache: true, logger: { debug: say, info: say, warn, error: say } });
}

const saysNothing = /^Could not load credentials from any providers/;
const fromAgent = /remoteProvider::fromHttp/;
const fromInstance = /remoteProvider::fromInstanceMetadata/;

/** The two network sources write nothing to the log, so ask them once more to get their error. */
async function askAgain(said: readonly string[]): Promise<{ keys: Keys } | { reason: string } | undefined> {
  const last = said.findLast((line) => /remoteProvider::/.test(line)) ?? '';
  try {
    if (fromAgent.test(last)) {
      const { fromHttp } = await import('@aws-sdk/credential-provider-http');
      return { keys: await fromHttp({ maxRetries: 0 })() };
    }
    if (fromInstance.test(last)) {
      const { fromInstanceMetadata } = await import('@smithy/credential-provider-imds');
      return { keys: await fromInstanceMetadata()() };
    }
    return undefined;
  } catch (error) {
    const { message, code, statusCode, Code, Message } = Object(error);
    const status = statusCode === undefined ? undefined : `HTTP ${statusCode}`;
    const more = [code ?? status, Code, Message].filter((one) => typeof one === 'string');
    return { reason: `${message}${more.length > 0 ? ` (${more.join(': ')})` : ''}` };
  }
}

/** A source that is not configured is not a reason. */
const notSetUp =
  /^(?:AWS_PROFILE is set, skipping|Skipping SSO|Unable to find environment variable|Web identity configuration not|Profile .* did not contain credential_process|AWS_EC2_METADATA_V1_DISABLED not set|Could not resolve credentials using profile: \[default\]|Profile default could not be found)/;

function reasonIn(line: string): string[] {
  const reason = /^@smithy\/property-provider -> ([\s\S]+)$/.exec(line)?.[1];
  if (reason === undefined || notSetUp.test(reason)) return [];
  // The command may contain a secret; what it wrote to stderr follows it.
  return [reason.replace(/^Command failed: .*/, 'credential_process failed:')];
}

function sentence(words: unknown): string {
  const line = String(words).replace(/\s+/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
