import { randomUUID } from 'node:crypto';
import { jsonRefusal } from './refusal.ts';
import type { SignedAnswer, SignedCall } from './signed-call.ts';
import { tryThrice } from './try-thrice.ts';

type Execution = { DurableExecutionArn?: string | undefined; CheckpointToken?: string | undefined };
type Checkpoint = Execution & { ClientToken?: string | undefined; Updates?: unknown };
type Page = Execution & { Marker?: string | undefined; MaxItems?: number | undefined };

/** What a durable function asks Lambda, in the shape that the durable SDK calls. Its own way loads all of client-lambda. */
export type DurableExecutions = {
  checkpoint<Answer>(asked: Checkpoint): Promise<Answer>;
  getExecutionState<Answer>(asked: Page): Promise<Answer>;
};

/** A checkpoint may wait for Lambda's disks. */
const timeoutMs = 15_000;

export function createDurableExecutions(call: SignedCall): DurableExecutions {
  return {
    async checkpoint({ DurableExecutionArn = '', ClientToken = randomUUID(), ...rest }) {
      const path = `${pathOf(DurableExecutionArn)}/checkpoint`;
      const headers = { 'content-type': 'application/json' };
      // A repeated one is known by its token.
      const body = JSON.stringify({ ...rest, ClientToken });
      const ask = () => call({ service: 'lambda', path, headers, body, timeoutMs });
      return answered(await tryThrice(ask));
    },
    async getExecutionState({ DurableExecutionArn = '', ...rest }) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(rest)) {
        if (value !== undefined) query.set(name, String(value));
      }
      const path = `${pathOf(DurableExecutionArn)}/state?${query}`;
      return answered(await tryThrice(() => call({ service: 'lambda', method: 'GET', path, timeoutMs })));
    },
  };
}

function pathOf(arn: string): string {
  return `/2025-12-01/durable-executions/${encodeURIComponent(arn)}`;
}

/** Times come as seconds, and the durable SDK wants dates. */
function answered(answer: SignedAnswer) {
  if (answer.status !== 200) throw jsonRefusal(answer);
  return JSON.parse(answer.body, (name, value) =>
    name.endsWith('Timestamp') && typeof value === 'number' ? new Date(value * 1000) : value,
  );
}
