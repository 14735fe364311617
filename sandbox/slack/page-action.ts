import { isRecord } from './json.ts';
import type { PageAction } from './page-contract.ts';

type FieldType = 'string' | 'boolean' | 'string?' | 'object';

const inModal = { person: 'string', viewId: 'string' } as const;

const fields: Record<PageAction['do'], Record<string, FieldType>> = {
  send: { person: 'string', channel: 'string', threadTs: 'string?', text: 'string' },
  click: {
    person: 'string',
    channel: 'string',
    ts: 'string',
    blockId: 'string',
    actionId: 'string',
    value: 'string?',
  },
  search: {
    person: 'string',
    channel: 'string',
    ts: 'string',
    blockId: 'string',
    actionId: 'string',
    query: 'string',
  },
  'open-home': { person: 'string' },
  'click-home': { person: 'string', blockId: 'string', actionId: 'string', value: 'string?' },
  'submit-modal': { ...inModal, values: 'object' },
  'close-modal': inModal,
  'click-modal': {
    ...inModal,
    blockId: 'string',
    actionId: 'string',
    value: 'string?',
    values: 'object',
  },
  'search-modal': {
    ...inModal,
    blockId: 'string',
    actionId: 'string',
    query: 'string',
    values: 'object',
  },
  shortcut: { person: 'string', channel: 'string', ts: 'string', callbackId: 'string' },
  delete: { channel: 'string', ts: 'string' },
  'set-bot-member': { channel: 'string', isMember: 'boolean' },
  'set-archived': { channel: 'string', isArchived: 'boolean' },
  'set-fault': { name: 'string', isOn: 'boolean' },
};

/** undefined if it is not an action. */
export function readPageAction(value: unknown): PageAction | undefined {
  return isPageAction(value) ? value : undefined;
}

function isPageAction(value: unknown): value is PageAction {
  if (!isRecord(value) || typeof value['do'] !== 'string' || !isDone(value['do'])) return false;
  return Object.entries(fields[value['do']]).every(([name, type]) => isOfType(value[name], type));
}

function isOfType(value: unknown, type: FieldType): boolean {
  if (type === 'object') return isRecord(value) && Object.values(value).every(isRecord);
  return type === 'string?' ? ['string', 'undefined'].includes(typeof value) : typeof value === type;
}

function isDone(name: string): name is PageAction['do'] {
  return Object.hasOwn(fields, name);
}
