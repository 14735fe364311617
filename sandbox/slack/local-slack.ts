import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Receipt } from './deliver-over-http.ts';
import { createDispatcher, type Delivery } from './delivery.ts';
import type { FaultBoard } from './faults.ts';
import { type LocalSlackOptions, resolveOptions } from './options.ts';
import { createPageApi } from './page-api.ts';
import type { PageAction, PageActionResult, PageMessage, PageState } from './page-contract.ts';
import { createPageFaults } from './page-faults.ts';
import { pageState } from './page-state.ts';
import { createPerform } from './perform.ts';
import { type PersonAtKeyboard, personAtKeyboard } from './person-at-keyboard.ts';
import { createRateLimits } from './rate-limits.ts';
import { deliverRaw, type RawDelivery } from './raw-delivery.ts';
import { createRecentList } from './recent-list.ts';
import { createResponseUrls } from './response-urls.ts';
import { createRoutes, isLoopback } from './routes.ts';
import { createSocketMode } from './socket-mode.ts';
import { type ApiCall, createWebApi } from './web-api.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

export type { LocalSlackOptions } from './options.ts';

/** A small Slack on this machine: the Web API, the requests to the bot, and the page. */
export type LocalSlack = {
  url: string;
  /** For `slackApiUrl` of Slack's own clients. */
  apiUrl: string;
  stop(): Promise<void>;
  /** Where the bot listens, if that is known only later. */
  setRequestUrl(url: string): void;
  state(): PageState;
  perform(action: PageAction): Promise<PageActionResult>;
  as(personId: string): PersonAtKeyboard;
  /** The members of a user group from now on. */
  setUserGroup(id: string, people: string[]): void;
  /** What everyone sees in the channel's main view, oldest first. */
  messages(channelId: string): PageMessage[];
  /** Parent first, then the replies. */
  thread(channelId: string, ts: string): PageMessage[];
  /** What only this person sees, in all channels. */
  privateWords(personId: string): PageMessage[];
  calls: ApiCall[];
  /** The calls of one Web API method. */
  callsOf(method: string): ApiCall[];
  deliveries: Delivery[];
  faults: FaultBoard;
  /** Posts anything to the bot. The answer is undefined if none came in time. */
  deliver(raw: RawDelivery): Promise<Receipt | undefined>;
  /** Socket Mode: Slack asks the bot to reconnect, or the connection goes dead. */
  refreshConnections(): void;
  cutConnections(): void;
  connectionCount(): number;
  /** Sends anything over every connection. */
  sendFrame(frame: string | Buffer): void;
  /** Where the bot is told to connect, if that is a proxy in front of this Slack. */
  setSocketUrl(url: string): void;
  /** Returns a function that stops listening. */
  onChange(listener: () => void): () => void;
  /** Resolves with what `find` finds as soon as it finds something; rejects after the time. */
  until<T>(find: (state: PageState) => T | undefined, withinMs?: number): Promise<T>;
};

export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const settings = resolveOptions(options);
  const workspace = createWorkspace(settings);
  const calls = createRecentList<ApiCall>(settings.keep);
  const deliveries = createRecentList<Delivery>(settings.keep);
  const socketMode = createSocketMode(workspace);
  const dispatcher = createDispatcher({ workspace, socketMode, deliveries });
  const responseUrls = createResponseUrls(workspace);
  const pageFaults = createPageFaults(workspace);
  const perform = createPerform({ workspace, dispatcher, responseUrls, pageFaults });
  const state = () => pageState({ workspace, dispatcher, socketMode, pageFaults });
  const rateLimits = createRateLimits(settings.clock);
  const webApi = createWebApi({ workspace, rateLimits, calls, openConnection: socketMode.openConnection });
  const pageApi = createPageApi({ workspace, state, perform });

  const server = createServer(createRoutes({ workspace, webApi, pageApi, responseUrls }));
  server.on('upgrade', (request, socket, head) => {
    if (isLoopback(request)) socketMode.upgrade(request, socket, head);
    else socket.destroy();
  });
  workspace.setUrl(await listen(server, settings.port ?? 0));

  return {
    url: workspace.url(),
    apiUrl: `${workspace.url()}/api/`,
    async stop() {
      dispatcher.stop();
      await socketMode.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    setRequestUrl: dispatcher.setRequestUrl,
    state,
    perform,
    as: (personId) => personAtKeyboard(personId, workspace, perform),
    setUserGroup(id, people) {
      settings.userGroups = { ...settings.userGroups, [id]: people };
    },
    messages: workspace.messages.inChannel,
    thread: workspace.messages.inThread,
    privateWords: workspace.messages.onlyFor,
    calls: calls.items,
    callsOf: (method) => calls.items.filter((call) => call.method === method),
    deliveries: deliveries.items,
    faults: workspace.faults,
    deliver: (raw) => deliverRaw(workspace, dispatcher.requestUrl() ?? '', raw),
    refreshConnections: socketMode.connections.refresh,
    cutConnections: socketMode.connections.cut,
    connectionCount: socketMode.connections.count,
    sendFrame: socketMode.connections.send,
    setSocketUrl: socketMode.setAddress,
    onChange: workspace.onChange,
    until: (find, withinMs = 5_000) => waitFor(workspace, () => find(state()), withinMs),
  };
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The local Slack has no port.');
  return `http://127.0.0.1:${address.port}`;
}

function waitFor<T>(workspace: Workspace, find: () => T | undefined, withinMs: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const look = () => {
    const found = find();
    if (found !== undefined) resolve(found);
  };
  const stop = workspace.onChange(look);
  // Calls and deliveries do not change what people see, so this polls for them.
  const looking = setInterval(look, 20);
  const timer = setTimeout(() => reject(new Error(`Not seen within ${withinMs} ms.`)), withinMs);
  look();
  return promise.finally(() => {
    stop();
    clearInterval(looking);
    clearTimeout(timer);
  });
}
