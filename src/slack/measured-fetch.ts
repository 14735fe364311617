import type { FetchFunction } from '@slack/web-api';
import type { Metrics } from '../operations/metrics.ts';

type MeasuredBy = { metrics: Metrics; clock: () => number; apiUrl: string };

/** Times each request to Slack. Slack's refusals count as answers: they come with status 200. */
export function measuredFetch(send: FetchFunction, { metrics, clock, apiUrl }: MeasuredBy): FetchFunction {
  return async (url, init) => {
    const sentAt = clock();
    const noted = (outcome: 'answered' | 'rate limited' | 'failed') =>
      metrics.timed({ what: 'slack call', method: methodOf(String(url), apiUrl), outcome }, clock() - sentAt);
    try {
      const response = await send(url, init);
      noted(response.ok ? 'answered' : response.status === 429 ? 'rate limited' : 'failed');
      return response;
    } catch (error) {
      noted('failed');
      throw error;
    }
  };
}

/** A response URL is a secret by itself, down to its last letter. */
function methodOf(url: string, apiUrl: string): string {
  return url.startsWith(apiUrl) ? (/^[\w.]+/.exec(url.slice(apiUrl.length))?.[0] ?? 'other') : 'response_url';
}
