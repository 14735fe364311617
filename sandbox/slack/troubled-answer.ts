import type { IncomingMessage, ServerResponse } from 'node:http';
import { type SlackFault, troubleKinds } from './faults.ts';
import { pause, sendJson, sendText } from './http.ts';
import type { Json } from './json.ts';
import type { Workspace } from './workspace.ts';

export type Answer = { status: number; body: Json | string; headers?: Record<string, string> };

type Exchange = { request: IncomingMessage; response: ServerResponse; method: string; args: Json };

/** Answers with the result of `run`, unless a fault applies. The status is 0 if the connection was reset. */
export async function answerWithFaults(
  workspace: Workspace,
  { request, response, method, args }: Exchange,
  run: () => Answer,
): Promise<Answer> {
  const slow = workspace.faults.strike(['slow'], method, args);
  if (slow) await pause(slow.ms);
  const fault = workspace.faults.strike(troubleKinds, method, args);
  if (fault?.kind === 'reset') return reset(request);
  const answer = (fault && insteadOfRunning(fault)) ?? run();
  if (fault?.kind === 'stored-then-reset') return reset(request);
  if (fault?.kind === 'stored-then-slow') await pause(fault.ms);
  const told = (fault && insteadOfTheAnswer(fault)) ?? answer;
  if (typeof told.body === 'string') sendText(response, told.status, told.body);
  else sendJson(response, told.status, told.body, told.headers);
  return told;
}

export const refused = (error: string, detail: Json = {}): Answer => ({
  status: 200,
  body: { ok: false, error, ...detail },
});

export const tooMany = (seconds: number | null): Answer => ({
  status: 429,
  body: { ok: false, error: 'ratelimited' },
  headers: seconds === null ? {} : { 'retry-after': String(seconds) },
});

const serverError = (status: number): Answer => ({ status, body: 'Server Error' });

const maintenancePage = '<!DOCTYPE html><html><body><h1>We’ll be right back</h1></body></html>';
const page = (body = maintenancePage): Answer => ({ status: 200, body });

function insteadOfRunning(fault: SlackFault): Answer | undefined {
  switch (fault.kind) {
    case 'rate-limited':
      return tooMany(fault.retryAfterSeconds === undefined ? 1 : fault.retryAfterSeconds);
    case 'server-error':
      return serverError(fault.status ?? 500);
    case 'error':
      return refused(fault.error);
    case 'page':
      return page(fault.body);
    default:
      return undefined;
  }
}

function insteadOfTheAnswer(fault: SlackFault): Answer | undefined {
  if (fault.kind === 'stored-then-server-error') return serverError(500);
  return fault.kind === 'stored-then-page' ? page(fault.body) : undefined;
}

function reset({ socket }: IncomingMessage): Answer {
  socket.resetAndDestroy();
  return { status: 0, body: '' };
}
