import { type FormEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import type { ModalValues, PageModal } from '../../../slack/page-contract.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { postAction } from '../connection.ts';
import { plainText } from '../text/text-object.tsx';
import { BotAvatar } from '../ui/avatar.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace.ts';
import { type FieldValue, ModalContext } from './modal-context.ts';
import { useSubmit } from './use-submit.ts';

type Props = { modal: PageModal; values: ModalValues; onValues: (values: ModalValues) => void };

/**
 * A form as Slack shows it: Escape closes it, Enter submits it, and Ctrl or Cmd with Enter in a multi-line
 * text.
 */
export function Modal({ modal, values, onValues }: Props) {
  const { me } = useWorkspace();
  const { submit, isBusy, errors, trouble, forgive, refusals, press } = useSubmit(modal, values);
  const form = useRef<HTMLFormElement>(null);
  useFocusOnFields(form, modal.hash);
  useFocusOnError(form, refusals);
  const close = () => void postAction({ do: 'close-modal', person: me.id, viewId: modal.id });
  const change = (blockId: string, actionId: string, value: FieldValue) => {
    const next = { ...values, [blockId]: { ...values[blockId], [actionId]: value } };
    onValues(next);
    forgive(blockId);
    return next;
  };
  const title = (
    <span className="modal-title">
      <BotAvatar />
      <span>{plainText(modal.title)}</span>
    </span>
  );
  return (
    <Dialog title={title} className="modal" onClose={close}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => sendOnly(event, submit)}
        onKeyDown={(event) => submitByKeys(event, form.current)}
      >
        <div className="modal-body">
          <ModalContext value={{ modal, values, change, errors, press }}>
            <Blocks blocks={modal.blocks} />
          </ModalContext>
        </div>
        {trouble !== undefined && (
          <p className="modal-trouble" role="alert">
            <Icon name="alert" /> {trouble}
          </p>
        )}
        <Footer modal={modal} isBusy={isBusy} onClose={close} />
      </form>
    </Dialog>
  );
}

function Footer({ modal, isBusy, onClose }: { modal: PageModal; isBusy: boolean; onClose: () => void }) {
  const submit = plainText(modal.submit);
  return (
    <footer className="dialog-actions modal-actions">
      <button type="button" className="button" onClick={onClose}>
        {plainText(modal.close) || (submit ? 'Cancel' : 'Close')}
      </button>
      {submit && (
        <button
          type="submit"
          className={`button primary${isBusy ? ' busy' : ''}`}
          aria-disabled={isBusy}
          aria-busy={isBusy}
        >
          {submit}
        </button>
      )}
    </footer>
  );
}

function sendOnly(event: FormEvent, submit: () => Promise<void>) {
  event.preventDefault();
  void submit();
}

function submitByKeys(event: KeyboardEvent, form: HTMLFormElement | null) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form?.requestSubmit();
}

type Form = { current: HTMLFormElement | null };
const fields = 'input, textarea, select';

/** When a form opens or its fields have arrived, unless the person is already in one of them. */
function useFocusOnFields(form: Form, hash: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each update
  useEffect(() => {
    if (form.current?.querySelector(`:is(${fields}):focus`)) return;
    const wanted = form.current?.querySelector<HTMLElement>('[data-focus-on-load]');
    (wanted ?? form.current?.querySelector<HTMLElement>(fields))?.focus();
  }, [hash]);
}

/** Once for each rejection, and not while the person is correcting it. */
function useFocusOnError(form: Form, refusals: number) {
  useEffect(() => {
    if (refusals === 0) return;
    const wrong = form.current?.querySelector<HTMLElement>(
      ':is([aria-invalid="true"], [data-invalid="true"])',
    );
    (wrong?.matches(fields) ? wrong : wrong?.querySelector<HTMLElement>(fields))?.focus();
  }, [form, refusals]);
}
