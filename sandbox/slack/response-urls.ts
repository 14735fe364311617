import { withContent } from './chat-methods.ts';
import { isEmpty, readContent } from './content.ts';
import { type Json, textOf } from './json.ts';
import { Refusal } from './refusal.ts';
import { randomId, type Workspace } from './workspace.ts';

/** Where a command was typed or a button clicked, and by whom. */
export type Origin = {
  person: string;
  channel: string;
  /** The clicked message. */
  ts?: string;
};

export type ResponseUrls = ReturnType<typeof createResponseUrls>;

const mostUses = 5;
const lifetimeMs = 30 * 60 * 1_000;
const longestText = 40_000;

export function createResponseUrls(workspace: Workspace) {
  const issued = new Map<string, { origin: Origin; uses: number; issuedAt: number }>();
  const now = workspace.settings.clock;

  return {
    issue(origin: Origin): string {
      const id = randomId();
      issued.set(id, { origin, uses: 0, issuedAt: now() });
      return `${workspace.url()}/response/${id}`;
    },
    /** What a post to the URL with this id does; throws a Refusal. */
    use(id: string, body: Json): void {
      const url = issued.get(id);
      if (!url || now() - url.issuedAt > lifetimeMs) throw new Refusal('expired_url');
      if (url.uses >= mostUses) throw new Refusal('used_url');
      url.uses += 1;
      respond(workspace, url.origin, body);
    },
  };
}

/** Posts a message where a command or click came from: through a response URL, or in an acknowledgement. */
export function respond(workspace: Workspace, origin: Origin, body: Json): void {
  const { messages, settings } = workspace;
  const original = origin.ts === undefined ? undefined : messages.find(origin.channel, origin.ts);
  if (isTrue(body['delete_original'])) {
    if (original) messages.remove(original.channel, original.ts);
    return;
  }
  const content = readContent(body, workspace, longestText);
  if (isEmpty(content)) throw new Refusal('no_text');
  if (isTrue(body['replace_original']) && original) {
    messages.replace(withContent(original, content, settings.clock()));
    return;
  }
  const said = {
    ...content,
    text: content.text ?? '',
    metadata: content.metadata ?? undefined,
    channel: origin.channel,
    author: settings.bot.userId,
    threadTs: textOf(body['thread_ts']),
  };
  if (body['response_type'] === 'in_channel') messages.add(said);
  else messages.addPrivate({ ...said, ephemeralFor: origin.person });
}

const isTrue = (value: unknown) => value === true || value === 'true';
