import { useState } from 'react';
import type { ModalValues, PageModal } from '../../../slack/page-contract.ts';
import { postAction } from '../connection.ts';
import { useWorkspace } from '../workspace.ts';

export type Pressed = { blockId: string; actionId: string; value?: string; values: ModalValues };

/** Submits a form, and shows what Slack or the bot answers. The input is kept in any case. */
export function useSubmit(modal: PageModal, values: ModalValues) {
  const { me } = useWorkspace();
  const [isBusy, setIsBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refusals, setRefusals] = useState(0);
  const [trouble, setTrouble] = useState<{ hash: string; text: string }>();
  const submit = async () => {
    if (isBusy) return;
    setIsBusy(true);
    setTrouble(undefined);
    const result = await postAction({ do: 'submit-modal', person: me.id, viewId: modal.id, values });
    setIsBusy(false);
    setErrors(result.ok ? {} : (result.errors ?? {}));
    if (result.ok) return;
    setRefusals((count) => count + 1);
    if (!result.errors) setTrouble({ hash: modal.hash, text: result.error });
  };
  /** A button or a choice notifies the bot at once. */
  const press = async (pressed: Pressed) => {
    const result = await postAction({ do: 'click-modal', person: me.id, viewId: modal.id, ...pressed });
    setTrouble(result.ok ? undefined : { hash: modal.hash, text: result.error });
  };
  const forgive = (blockId: string) => setErrors(({ [blockId]: _, ...others }) => others);
  // An update by the app is not an answer to the submission.
  const said = trouble?.hash === modal.hash ? trouble.text : undefined;
  return { submit, isBusy, errors, trouble: said, forgive, refusals, press };
}
