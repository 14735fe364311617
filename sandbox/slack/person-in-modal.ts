import { clickableElements } from './clicked-element.ts';
import { isRecord, type Json, textOf } from './json.ts';
import { elementsIn, type Modal } from './modals.ts';
import type { ModalValues, PageAction, PageActionResult } from './page-contract.ts';
import type { Workspace } from './workspace.ts';

/** What tests fill into a form: by a field's label, its block or its action. */
export type FilledIn = Record<string, string | string[] | null>;

const nothingOpen: PageActionResult = { ok: false, error: 'No form is open.' };
const missing = (words: string): PageActionResult => ({
  ok: false,
  error: `The form has nothing called "${words}".`,
});

/** One person and the form they have open. */
export function personInModal(
  person: string,
  workspace: Workspace,
  perform: (action: PageAction) => Promise<PageActionResult>,
) {
  const open = () => workspace.modals.of(person);
  return {
    /** undefined if none is open. */
    modal: () => open()?.view,
    /** `unchecked`: including what Slack itself would reject. */
    async submits(fields: FilledIn = {}, { unchecked = false } = {}): Promise<PageActionResult> {
      const modal = open();
      if (!modal) return nothingOpen;
      const unknown = Object.keys(fields).find((words) => !fieldCalled(modal, words));
      if (unknown !== undefined) return missing(unknown);
      const values = valuesOf(modal, fields);
      return perform({ do: 'submit-modal', person, viewId: modal.id, values, unchecked });
    },
    async closesModal(): Promise<PageActionResult> {
      const modal = open();
      return modal ? perform({ do: 'close-modal', person, viewId: modal.id }) : nothingOpen;
    },
    /** Clicks the element with this label or action id, or chooses the value that was filled in for it. */
    async clicksInModal(words: string, fields: FilledIn = {}): Promise<PageActionResult> {
      const modal = open();
      if (!modal) return nothingOpen;
      const named = clickableElements(modal.view).find((one) => [one.label, one.actionId].includes(words));
      const found = named ?? fieldCalled(modal, words);
      if (!found) return missing(words);
      const { blockId, actionId } = found;
      const values = valuesOf(modal, fields);
      return perform({ do: 'click-modal', person, viewId: modal.id, blockId, actionId, values });
    },
    async searchesInModal(words: string, query: string): Promise<PageActionResult> {
      const modal = open();
      if (!modal) return nothingOpen;
      const found = fieldCalled(modal, words);
      if (!found) return missing(words);
      const { blockId, actionId } = found;
      return perform({
        do: 'search-modal',
        person,
        viewId: modal.id,
        blockId,
        actionId,
        query,
        values: {},
      });
    },
  };
}

function fieldCalled({ view }: Modal, words: string) {
  const fields = elementsIn(view).map(({ block, element }) => ({
    label: labelOf(block),
    blockId: String(block['block_id']),
    actionId: String(element['action_id']),
  }));
  return fields.find((field) => Object.values(field).includes(words));
}

function labelOf({ label }: Json): string {
  return (isRecord(label) && textOf(label['text'])) || '';
}

function valuesOf(modal: Modal, fields: FilledIn): ModalValues {
  const values: ModalValues = {};
  for (const [words, value] of Object.entries(fields)) {
    const { blockId = '', actionId = '' } = fieldCalled(modal, words) ?? {};
    values[blockId] = { ...values[blockId], [actionId]: value };
  }
  return values;
}
