/** The messages between the sandbox page and the local Slack. Times are epoch milliseconds. */

export type Person = {
  id: string;
  name: string;
  /** A color for the avatar, as CSS. */
  colour: string;
  /** The workspace; if it is not the bot's, the person is external (Slack Connect). */
  teamId: string;
  /** The Enterprise Grid organization of that workspace. */
  enterpriseId?: string;
  /** This person's requests do not say where they are from, as in older payloads. */
  hidesTeam?: boolean;
};

export type Channel = {
  id: string;
  name: string;
  topic: string;
  isPrivate: boolean;
  isArchived: boolean;
  botIsMember: boolean;
  /** Ids of the people in it; absent: everyone. */
  members?: string[];
  /** Shared with other organizations (Slack Connect); absent: only while one of their people speaks. */
  isShared?: boolean;
};

export type PageMessage = {
  ts: string;
  channel: string;
  /** The ts of the thread's parent, on replies only. */
  threadTs?: string;
  /** A person's id, or the bot's user id. */
  author: string;
  text: string;
  blocks?: unknown[];
  attachments?: unknown[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  /** Only this person sees it. */
  ephemeralFor?: string;
  editedAt?: number;
  /** A reply that is also shown in the channel. */
  isBroadcast?: boolean;
  /** On parents with replies only. */
  replies?: { count: number; latestTs: string };
};

/** A switch: a fault, or a redrive that someone starts. */
export type Fault = {
  name: string;
  label: string;
  isOn: boolean;
  /** Absent: a fault. */
  kind?: 'redrive';
  /** What to do once it is on. */
  hint?: string;
};

/** What a newcomer can type first, and what it shows. */
export type Suggestion = { text: string; about: string };

export type PageState = {
  revision: number;
  /** One line that says how the bot is connected, for example "signed HTTP" or "Socket Mode". */
  transport: string;
  bot: { userId: string; name: string };
  commands: { command: string; description: string; usageHint: string }[];
  shortcuts: { callbackId: string; name: string }[];
  /** Words that the composer offers after a command, for example queue names and subcommands. */
  completions: string[];
  suggestions?: Suggestion[];
  people: Person[];
  /** The names of user groups, by id. */
  groupNames?: Record<string, string>;
  channels: Channel[];
  /** In order of ts, including replies and everyone's ephemeral messages. */
  messages: PageMessage[];
  faults: Fault[];
  /** By person: what the bot has published to their Home. */
  homes?: Record<string, PageHome>;
  /** By person: the form they have open. */
  modals?: Record<string, PageModal>;
};

export type PageHome = { id: string; blocks: unknown[] };

export type PageModal = {
  id: string;
  /** Changes with each update. */
  hash: string;
  title: unknown;
  submit?: unknown;
  close?: unknown;
  blocks: unknown[];
};

/**
 * What a person has changed in a form, by block and element: a text, a number or an option's value; several
 * values for checkboxes; null for empty. Elements that are left out keep the bot's value.
 */
export type ModalValues = Record<string, Record<string, string | string[] | null>>;

/** An option that a bot offers to a person who searches in a select. */
export type PageOption = { text: string; value: string };

/** `POST /page/action` takes one of these as JSON. */
export type PageAction =
  /** A text that starts with a slash and a command's name is a slash command; any other is a message. */
  | { do: 'send'; person: string; channel: string; threadTs?: string; text: string }
  | {
      do: 'click';
      person: string;
      channel: string;
      ts: string;
      blockId: string;
      actionId: string;
      value?: string;
    }
  /** Answered with the options that the bot offers. */
  | {
      do: 'search';
      person: string;
      channel: string;
      ts: string;
      blockId: string;
      actionId: string;
      query: string;
    }
  | { do: 'open-home'; person: string }
  | { do: 'click-home'; person: string; blockId: string; actionId: string; value?: string }
  /** `unchecked` is only for tests: a page never sends what the form itself rejects. */
  | { do: 'submit-modal'; person: string; viewId: string; values: ModalValues; unchecked?: boolean }
  | { do: 'close-modal'; person: string; viewId: string }
  | {
      do: 'click-modal';
      person: string;
      viewId: string;
      blockId: string;
      actionId: string;
      value?: string;
      values: ModalValues;
    }
  | {
      do: 'search-modal';
      person: string;
      viewId: string;
      blockId: string;
      actionId: string;
      query: string;
      values: ModalValues;
    }
  | { do: 'shortcut'; person: string; channel: string; ts: string; callbackId: string }
  | { do: 'delete'; channel: string; ts: string }
  | { do: 'set-bot-member'; channel: string; isMember: boolean }
  | { do: 'set-archived'; channel: string; isArchived: boolean }
  | { do: 'set-fault'; name: string; isOn: boolean };

/**
 * The answer: if not ok, what Slack itself would tell the person, for example "/dlq-tasks failed with the
 * error \"operation_timeout\"".
 */
export type PageActionResult =
  | { ok: true; options?: PageOption[] }
  /** `errors`: the errors of a form, by block. */
  | { ok: false; error: string; errors?: Record<string, string> };

/*
 * `GET /page/state` returns a PageState. `GET /page/events` is an event stream: each `data:` is a whole
 * PageState, the first at once, then one after every change (several changes may share one).
 */
