import { randomBytes } from 'node:crypto';
import { createFaultBoard, type FaultBoard } from './faults.ts';
import { createMessageStore, type MessageStore, timestamps } from './messages.ts';
import { createModals, type Modals } from './modals.ts';
import type { Settings } from './options.ts';
import type { Channel, PageHome, Person } from './page-contract.ts';
import { createTriggers, type Triggers } from './triggers.ts';

/** What the parts of the local Slack share: people, channels and messages. */
export type Workspace = {
  settings: Settings;
  channels: Map<string, Channel>;
  people: Map<string, Person>;
  messages: MessageStore;
  /** By person: what the bot has published to their Home. */
  homes: Map<string, PageHome>;
  modals: Modals;
  triggers: Triggers;
  faults: FaultBoard;
  /** Returns a function that stops listening. */
  onChange(listener: () => void): () => void;
  changed(): void;
  revision(): number;
  /** The base address, known once the server listens. */
  url(): string;
  setUrl(url: string): void;
  /** The token's scopes, without those that a fault removes. */
  grantedScopes(): string[];
  isMissingScope(scope: string): boolean;
};

export function createWorkspace(settings: Settings): Workspace {
  const listeners = new Set<() => void>();
  let revision = 0;
  let url = '';
  const faults = createFaultBoard(settings.clock);
  const changed = () => {
    revision += 1;
    for (const listener of listeners) listener();
  };
  const grantedScopes = () => {
    const taken = faults.active().flatMap((fault) => (fault.kind === 'missing-scope' ? [fault.scope] : []));
    return settings.scopes.filter((scope) => !taken.includes(scope));
  };
  return {
    settings,
    channels: new Map(settings.channels.map((channel) => [channel.id, { ...channel }])),
    people: new Map(settings.people.map((person) => [person.id, person])),
    messages: createMessageStore(timestamps(settings.clock), changed),
    homes: new Map(),
    modals: createModals({ now: settings.clock, changed, nextId: randomId }),
    triggers: createTriggers({
      now: settings.clock,
      nextId: () => randomId(16),
      lifetimeMs: settings.triggerLifetimeMs,
    }),
    faults,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed,
    revision: () => revision,
    url: () => url,
    setUrl(known) {
      url = known;
    },
    grantedScopes,
    isMissingScope: (scope) => !grantedScopes().includes(scope),
  };
}

export const randomId = (bytes = 12) => randomBytes(bytes).toString('hex');
