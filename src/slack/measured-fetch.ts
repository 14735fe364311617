import type { Metrics } from '../operations/metrics.ts';

/** Times each request of a Web API client. Slack's refusals count as answers: they come with status 200. */
export function measuredFetch(metrics: Metrics, clock: () => number): typeof fetch {
  return async (url, init) => {
    const sentAt = clock();
    const noted = (outcome: 'answered' | 'rate limited' | 'failed') =>
      metrics.timed({ what: 'slack call', method: methodOf(String(url)), outcome }, clock() - sentAt);
    try {
      const response = await fetch(url, init);
      noted(response.ok ? 'answered' : response.status === 429 ? 'rate limited' : 'failed');
      return response;
    } catch (error) {
      noted('failed');
      throw error;
    }
  };
}

function methodOf(url: string): string {
  return /\/([\w.]+)$/.exec(url)?.[1] ?? 'other';
}
