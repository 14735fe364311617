import { type Json, listOf, recordOf, stringOf } from '../json.ts';

const unseen = '\u200b';

/**
 * The library unescapes text before it parses it, and parses plain text too. An invisible character after
 * each bracket and each "@" that Slack would leave alone keeps it from creating a mention or a link.
 */
export function readableForLibrary(block: Json): Json {
  return recordOf(mapped(block));
}

function mapped(value: unknown): unknown {
  if (Array.isArray(value)) return listOf(value).map(mapped);
  if (typeof value !== 'object' || value === null) return value;
  const object = recordOf(value);
  const text = stringOf(object['text']);
  if (text !== undefined && object['type'] === 'mrkdwn') return { ...object, text: disarm(text) };
  if (text !== undefined && object['type'] === 'plain_text') {
    return { ...object, text: disarm(text).replaceAll('<', `<${unseen}`) };
  }
  return Object.fromEntries(Object.entries(object).map(([key, inside]) => [key, mapped(inside)]));
}

function disarm(text: string): string {
  return text.replaceAll('&lt;', `&lt;${unseen}`).replace(/@(?=channel|here|everyone)/g, `@${unseen}`);
}

/** The interactive element with this action_id, anywhere in the block. */
export function elementWithAction(value: unknown, actionId: string): Json | undefined {
  if (Array.isArray(value)) return firstOf(value, actionId);
  const object = recordOf(value);
  if (object['action_id'] === actionId) return object;
  return firstOf(Object.values(object), actionId);
}

function firstOf(values: unknown[], actionId: string): Json | undefined {
  for (const value of values) {
    const found = elementWithAction(value, actionId);
    if (found) return found;
  }
  return undefined;
}
