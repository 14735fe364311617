import type { IncomingMessage, ServerResponse } from 'node:http';
import { chatMethods } from './chat-methods.ts';
import { conversationMethods } from './conversation-methods.ts';
import { formOf, readBody } from './http.ts';
import { isRecord, type Json, parseJson, textOf } from './json.ts';
import { peopleMethods } from './people-methods.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RecentList } from './recent-list.ts';
import { Refusal } from './refusal.ts';
import { type Answer, answerWithFaults, refused, tooMany } from './troubled-answer.ts';
import { viewMethods } from './view-methods.ts';
import { type Method, requireScope } from './web-api-method.ts';
import type { Workspace } from './workspace.ts';

/** One Web API call of the bot. Tokens are removed from the arguments. */
export type ApiCall = {
  method: string;
  args: Json;
  at: number;
  /** The HTTP status; 0 if the connection was reset. */
  status: number;
  /** Slack's error code, if it was refused. */
  error?: string;
};

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
    ...viewMethods,
    'apps.manifest.export': {
      token: 'config',
      run: ({ args }) => {
        if (args['app_id'] !== workspace.settings.bot.appId) throw new Refusal('invalid_app_id');
        return { manifest: workspace.settings.manifest ?? {} };
      },
    },
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
      const scopes = { 'x-oauth-scopes': workspace.grantedScopes().join(',') };
      return { status: 200, body: { ok: true, ...method.run({ args, workspace }) }, headers: scopes };
    } catch (error) {
      if (error instanceof Refusal) return refused(error.code, error.detail);
      throw error;
    }
  }

  /** Reads one call, applies faults, answers and records it. */
  return async function handle(request: IncomingMessage, response: ServerResponse, name: string) {
    const { token, args } = readCall(request, await readBody(request));
    const call: ApiCall = { method: name, args, at: workspace.settings.clock(), status: 0 };
    calls.add(call);
    const exchange = { request, response, method: name, args };
    const { status, body } = await answerWithFaults(workspace, exchange, () => answer(name, token, args));
    call.status = status;
    const error = isRecord(body) ? textOf(body['error']) : undefined;
    if (error !== undefined) call.error = error;
  };
}

function checkToken(method: Method, token: string | undefined, { settings }: Workspace): void {
  if (!token) throw new Refusal('not_authed');
  const tokens = { bot: settings.botToken, app: settings.appToken, config: settings.configToken };
  if (token === tokens[method.token]) return;
  throw new Refusal(Object.values(tokens).includes(token) ? 'not_allowed_token_type' : 'invalid_auth');
}

function readCall(request: IncomingMessage, body: string): { token: string | undefined; args: Json } {
  const isJson = request.headers['content-type']?.includes('application/json') ?? false;
  const parsed = isJson ? parseJson(body) : formOf(body);
  const query = formOf(new URL(request.url ?? '/', 'http://localhost').search);
  const { token, ...args } = { ...query, ...(isRecord(parsed) ? parsed : {}) };
  const bearer = request.headers.authorization?.match(/^Bearer (.+)$/i)?.[1];
  return { token: bearer ?? textOf(token), args };
}
