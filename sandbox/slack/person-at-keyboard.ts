import { clickableElements } from './clicked-element.ts';
import type { PageAction, PageActionResult, PageMessage } from './page-contract.ts';
import { personInModal } from './person-in-modal.ts';
import type { Workspace } from './workspace.ts';

export type PersonAtKeyboard = ReturnType<typeof personAtKeyboard>;

/** For tests: one person, who sees only what Slack shows them. */
export function personAtKeyboard(
  person: string,
  workspace: Workspace,
  perform: (action: PageAction) => Promise<PageActionResult>,
) {
  const inModal = personInModal(person, workspace, perform);
  return {
    /** A command when the text starts with a slash, else a message. */
    types: (channel: string, text: string, threadTs?: string) =>
      perform({ do: 'send', person, channel, text, ...(threadTs && { threadTs }) }),
    /** Clicks the element with this label or action id; a value forges the button's own. */
    async clicks(
      message: { channel: string; ts: string },
      words: string,
      value?: string,
    ): Promise<PageActionResult> {
      const { channel, ts } = message;
      const current = workspace.messages.find(channel, ts);
      const found =
        current && clickableElements(current).find((one) => [one.label, one.actionId].includes(words));
      if (!found) return { ok: false, error: `There is nothing called "${words}" to click.` };
      const { blockId, actionId } = found;
      return perform({
        do: 'click',
        person,
        channel,
        ts,
        blockId,
        actionId,
        ...(value !== undefined && { value }),
      });
    },
    /** Searches in the select with this label or action id. */
    async searches(
      { channel, ts }: { channel: string; ts: string },
      words: string,
      query: string,
    ): Promise<PageActionResult> {
      const current = workspace.messages.find(channel, ts);
      const found =
        current && clickableElements(current).find((one) => [one.label, one.actionId].includes(words));
      if (!found) return { ok: false, error: `There is nothing called "${words}" to search in.` };
      const { blockId, actionId } = found;
      return perform({ do: 'search', person, channel, ts, blockId, actionId, query });
    },
    opensHome: () => perform({ do: 'open-home', person }),
    async clicksInHome(words: string, value?: string): Promise<PageActionResult> {
      const home = workspace.homes.get(person);
      const found = home && clickableElements(home).find((one) => [one.label, one.actionId].includes(words));
      if (!found) return { ok: false, error: `There is nothing called "${words}" to click.` };
      const { blockId, actionId } = found;
      return perform({ do: 'click-home', person, blockId, actionId, ...(value !== undefined && { value }) });
    },
    /** Empty as long as the bot has published nothing for this person. */
    home: (): unknown[] => workspace.homes.get(person)?.blocks ?? [],
    modal: inModal.modal,
    submits: inModal.submits,
    closesModal: inModal.closesModal,
    clicksInModal: inModal.clicksInModal,
    searchesInModal: inModal.searchesInModal,
    usesShortcut: ({ channel, ts }: { channel: string; ts: string }, callbackId: string) =>
      perform({ do: 'shortcut', person, channel, ts, callbackId }),
    /**
     * Everything in a channel that this person sees, including threads and private messages, oldest first.
     */
    sees: (channel: string): PageMessage[] =>
      workspace.messages
        .all()
        .filter((m) => m.channel === channel && (!m.ephemeralFor || m.ephemeralFor === person)),
    privateWords: (): PageMessage[] => workspace.messages.onlyFor(person),
  };
}
