import { createContext, useContext, useState } from 'react';
import type { PageHome, PageMessage } from '../../../slack/page-contract.ts';
import { type Json, stringOf } from '../json.ts';
import { ModalContext } from '../modal/modal-context.ts';
import { isSafeUrl } from '../text/safe-link.tsx';
import { useWorkspace } from '../workspace.ts';

/** The message whose blocks are rendered, for clicks on them. */
export const MessageContext = createContext<PageMessage | undefined>(undefined);

/** The Home whose blocks are rendered, for clicks on them. */
export const HomeContext = createContext<PageHome | undefined>(undefined);

type Press = { blockId: string; element: Json; value: string | undefined };

/**
 * Sends a click to the local Slack, after the element's confirm dialog if it has one, and tracks which one is
 * in progress.
 */
export function usePress() {
  const { act, me } = useWorkspace();
  const message = useContext(MessageContext);
  const home = useContext(HomeContext);
  const form = useContext(ModalContext);
  const [asking, setAsking] = useState<Press>();
  const [busy, setBusy] = useState<string>();
  const send = async ({ blockId, element, value }: Press) => {
    const actionId = stringOf(element['action_id']) ?? '';
    const url = stringOf(element['url']);
    if (url !== undefined && isSafeUrl(url)) open(url, '_blank', 'noopener,noreferrer');
    if (!message && !home && !form) return;
    const clicked = { person: me.id, blockId, actionId, ...(value !== undefined && { value }) };
    setBusy(actionId);
    if (form) {
      const { person: _, ...pressed } = clicked;
      await form.press({ ...pressed, values: form.values });
    } else if (message) {
      const { channel, ts, threadTs } = message;
      const place = threadTs === undefined ? { channel } : { channel, threadTs };
      await act({ do: 'click', channel, ts, ...clicked }, place);
    } else await act({ do: 'click-home', ...clicked }, { channel: '' });
    setBusy(undefined);
  };
  const press = (blockId: string, element: Json, value: string | undefined) => {
    if (element['confirm'] === undefined) void send({ blockId, element, value });
    else setAsking({ blockId, element, value });
  };
  const confirm = () => {
    if (asking) void send(asking);
    setAsking(undefined);
  };
  return { press, asking, confirm, cancel: () => setAsking(undefined), busy };
}
