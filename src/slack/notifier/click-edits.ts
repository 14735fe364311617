import type { FetchFunction } from '@slack/web-api';
import type { MessagePlace } from '../../domain/message-place.ts';
import { RecentMap } from '../../operations/expiring.ts';
import type { Message } from '../block-kit.ts';
import { keyOfPlace } from '../card-order.ts';
import { answerByUrl, isResponseUrl } from '../response-url.ts';

/** Edits the clicked message; rejects if Slack certainly rejected the edit. */
export type EditByClick = (message: Message) => Promise<void>;

export type ClickEditsOptions = { apiUrl: string; clock: () => number; fetch?: FetchFunction };

/** The person who clicked is looking at the card now; later edits of all cards take turns. */
const ofUseForMs = 60_000;
const cardsAtMost = 1_000;
const clicksAtMost = 50;

/**
 * Every click comes with a response URL that can edit the clicked message outside of chat.update's rate
 * limit. A person's click therefore shows on the card however many other edits are waiting. The URLs are
 * secret: they are kept only here, and for a minute.
 */
export function createClickEdits({ apiUrl, clock, fetch }: ClickEditsOptions) {
  const clicks = new RecentMap<{ url: string; at: number }[]>(cardsAtMost);
  const fresh = (key: string) => (clicks.get(key) ?? []).filter(({ at }) => clock() - at < ofUseForMs);

  function keep(key: string, left: { url: string; at: number }[]): void {
    if (left.length > 0) clicks.set(key, left);
    else clicks.delete(key);
  }

  return {
    /** A click has changed what its card should show. */
    clicked(card: MessagePlace, url: string | undefined): void {
      if (url === undefined || !isResponseUrl(url, apiUrl)) return;
      const key = keyOfPlace(card);
      keep(key, [...fresh(key), { url, at: clock() }].slice(-clicksAtMost));
    },
    /** For the next edit of a card, once per click on it; undefined if no one has just clicked. */
    take(card: MessagePlace): EditByClick | undefined {
      const key = keyOfPlace(card);
      const left = fresh(key);
      const click = left.pop();
      keep(key, left);
      if (!click) return undefined;
      return async (message) => {
        const options = { replaceOriginal: true, inChannel: true };
        const failure = await answerByUrl(click.url, message, options, fetch);
        if (failure) throw new Error('Slack rejected an edit through a response URL', { cause: failure });
      };
    },
  };
}
export type ClickEdits = ReturnType<typeof createClickEdits>;
