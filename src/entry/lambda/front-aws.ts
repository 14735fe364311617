import { AwsClient } from 'aws4fetch';
import { createTimeLimit } from '../../aws/time-limit.ts';
import { dnsSuffixOfRegion } from '../../domain/queue.ts';
import { variable } from './environment.ts';

type Service = 'lambda' | 'ssm';
type Request = { headers: Record<string, string>; body: object; signal: AbortSignal };

/** Slack waits three seconds in total: enough for a first try that hangs, a second one and the rest of the work. */
const tryToReadMs = [900, 500];

/**
 * What `front` asks AWS. Its cold start counts against Slack's three seconds, and the AWS SDK would be most of it. It
 * reads AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_LAMBDA and AWS_ENDPOINT_URL_SSM, and no other variable.
 */
export function createFrontAws(env: Readonly<Record<string, string | undefined>>) {
  const region = variable('AWS_REGION', env);
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  const client = new AwsClient({
    accessKeyId: variable('AWS_ACCESS_KEY_ID', env),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY', env),
    ...(sessionToken && { sessionToken }),
    region,
    // Its own retries take half a minute and ignore the signal.
    retries: 0,
  });
  const endpointOf = (service: Service) =>
    (
      env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ||
      env['AWS_ENDPOINT_URL'] ||
      `https://${service}.${region}.${dnsSuffixOfRegion(region)}`
    ).replace(/\/$/, '');

  const endpoints = { lambda: endpointOf('lambda'), ssm: endpointOf('ssm') };

  async function post(service: Service, path: string, { headers, body, signal }: Request) {
    const answer = await client.fetch(`${endpoints[service]}${path}`, {
      method: 'POST',
      aws: { service },
      headers,
      body: JSON.stringify(body),
      signal,
    });
    const text = await answer.text();
    if (answer.ok) return text;
    const name = answer.headers.get('x-amzn-errortype') ?? /"__type"\s*:\s*"([^"]+)/.exec(text)?.[1];
    const word = name?.split(':')[0]?.replace(/^.*#/, '');
    throw new Error(`${service} returned ${answer.status}${word ? ` ${word}` : ''}`);
  }

  async function readOnce(Name: string, signal: AbortSignal): Promise<string> {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParameter',
    };
    const body = { Name, WithDecryption: true };
    const text = await post('ssm', '/', { headers, body, signal });
    const value = Object(Object(JSON.parse(text)).Parameter).Value;
    if (typeof value !== 'string' || value.trim() === '') throw new Error(`The parameter ${Name} is empty.`);
    return value.trim();
  }

  return {
    /** The value of an encrypted parameter. Rejects when there is none, or when it cannot be read in time. */
    async readParameter(name: string): Promise<string> {
      let why: unknown;
      for (const withinMs of tryToReadMs) {
        try {
          // Not by the signal alone: garbage collection may lose it inside aws4fetch's Request (Node 24.21).
          return await createTimeLimit(withinMs)((signal) => readOnce(name, signal));
        } catch (error) {
          why = error;
        }
      }
      throw why;
    },
    /** Starts a function and does not wait for it. Never retried: after a lost answer, a retry could start it twice. */
    async startFunction(name: string, payload: object, signal: AbortSignal): Promise<void> {
      const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
      // A connection that was frozen with the function may be dead, so none is reused.
      const headers = { 'x-amz-invocation-type': 'Event', connection: 'close' };
      await post('lambda', path, { headers, body: payload, signal });
    },
  };
}
