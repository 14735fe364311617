import type { IncomingMessage, ServerResponse } from 'node:http';
import { chatMethods } from './chat-methods.ts';
import { conversationMethods } from './conversation-methods.ts';
import { type SlackFault, troubleKinds } from './faults.ts';
import { formOf, pause, readBody, sendJson, sendText } from './http.ts';
import { isRecord, type Json, parseJson, textOf } from './json.ts';
import { peopleMethods } from './people-methods.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RecentList } from './recent-list.ts';
import { Refusal } from './refusal.ts';
import { type Method, requireScope } from './web-api-method.ts';
import type { Workspace } from './workspace.ts';

/** One Web API call of the bot. Tokens are left out of the arguments. */
export type ApiCall = {
  method: string;
  args: Json;
  at: number;
  /** The HTTP status; 0 when the connection was reset. */
  status: number;
  /** Slack's error code, when it was refused. */
  error?: string;
};

type Answer = { status: number; body: Json; headers?: Record<string, string> };

type Parts = {
  workspace: Workspace;
  rateLimits: RateLimits;
  calls: RecentList<ApiCall>;
  openConnection: () => string;
};

export function createWebApi({ workspace, rateLimits, calls, openConnection }: Parts) {
  const methods: Record<string, Method> = {
    ...chatMethods,
    ...conversationMethods,
    ...peopleMethods,
    'apps.connections.open': { token: 'app', run: () => ({ url: openConnection() }) },
  };

  function answer(name: string, token: string | undefined, args: Json): Answer {
    try {
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (!method) throw new Refusal('unknown_method', { req_method: name });
      checkToken(method, token, workspace);
      if (method.scope) requireScope(workspace, method.scope);
      const wait = workspace.settings.enforceRateLimits
        ? rateLimits.retryAfter(name, textOf(args['channel']) ?? '')
        : undefined;
      if (wait !== undefined) return tooMany(wait);
      const scopes = { 'x-oauth-scopes': workspace.settings.scopes.join(',') };
      return { status: 200, body: { ok: true, ...method.run({ args, workspace }) }, headers: scopes };
    } catch (error) {
      if (error instanceof Refusal) return refused(error.code, error.detail);
      throw error;
    }
  }

  /** Reads one call, lets the faults strike, answers and remembers it. */
  return async function handle(request: IncomingMessage, response: ServerResponse, name: string) {
    const { token, args } = readCall(request, await readBody(request));
    const call: ApiCall = { method: name, args, at: workspace.settings.clock(), status: 0 };
    calls.add(call);
    const slow = workspace.faults.strike(['slow'], name, args);
    if (slow) await pause(slow.ms);
    const fault = workspace.faults.strike(troubleKinds, name, args);
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    const { status, body, headers } = (fault && spoiled(fault)) ?? answer(name, token, args);
    if (fault?.kind === 'stored-then-reset') return void request.socket.resetAndDestroy();
    call.status = status;
    const error = textOf(body['error']);
    if (error !== undefined) call.error = error;
    if (status >= 500) sendText(response, status, 'Server Error');
    else sendJson(response, status, body, headers);
  };
}

/** The answer a fault gives in place of the method's own. */
function spoiled(fault: SlackFault): Answer | undefined {
  if (fault.kind === 'rate-limited') return tooMany(fault.retryAfterSeconds ?? 1);
  if (fault.kind === 'server-error') return { status: fault.status ?? 500, body: {} };
  return fault.kind === 'error' ? refused(fault.error) : undefined;
}

const refused = (error: string, detail: Json = {}): Answer => ({
  status: 200,
  body: { ok: false, error, ...detail },
});

const tooMany = (seconds: number): Answer => ({
  status: 429,
  body: { ok: false, error: 'ratelimited' },
  headers: { 'retry-after': String(seconds) },
});

function checkToken(method: Method, token: string | undefined, { settings }: Workspace): void {
  if (!token) throw new Refusal('not_authed');
  const [right, other] =
    method.token === 'app' ? [settings.appToken, settings.botToken] : [settings.botToken, settings.appToken];
  if (token === right) return;
  throw new Refusal(token === other ? 'not_allowed_token_type' : 'invalid_auth');
}

function readCall(request: IncomingMessage, body: string): { token: string | undefined; args: Json } {
  const isJson = request.headers['content-type']?.includes('application/json') ?? false;
  const parsed = isJson ? parseJson(body) : formOf(body);
  const query = formOf(new URL(request.url ?? '/', 'http://localhost').search);
  const { token, ...args } = { ...query, ...(isRecord(parsed) ? parsed : {}) };
  const bearer = request.headers.authorization?.match(/^Bearer (.+)$/i)?.[1];
  return { token: bearer ?? textOf(token), args };
}
