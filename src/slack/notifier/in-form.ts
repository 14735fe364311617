import type { Form } from '../../domain/delivery.ts';
import type { Message } from '../blocks.ts';
import { cut } from '../text.ts';
import { keyedBy } from './find-message.ts';

/** A text alone may be this long in an edit; a post could be longer. */
const longestText = 3_800;

/** As much of a message as Slack takes. In an edit, no blocks take the old ones away. */
export function inForm({ text, blocks }: Message, { plain }: Form): Message {
  return plain ? { text: cut(text, longestText), blocks: [] } : { text, blocks };
}

/** A post without blocks names none, and without metadata, where Slack does not take that, has no key either. */
export function asPosted({ text, blocks }: Message, key: string, { bare }: Form) {
  return {
    text,
    ...(blocks.length > 0 && { blocks }),
    ...(bare === undefined && { metadata: keyedBy(key) }),
    unfurl_links: false,
    unfurl_media: false,
  };
}
