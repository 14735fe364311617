import { type ClickedElement, clickedElement } from './clicked-element.ts';
import { type Dispatcher, resultOf } from './delivery.ts';
import { offeredIn, optionOf } from './interacting.ts';
import { isRecord, type Json } from './json.ts';
import { complaintsAbout, stateOf } from './modal-values.ts';
import { elementsIn, type Modal } from './modals.ts';
import type { PageAction, PageActionResult } from './page-contract.ts';
import { personOf } from './place.ts';
import { Refusal } from './refusal.ts';
import {
  closedPayload,
  modalClickPayload,
  modalSearchPayload,
  submissionPayload,
  type ViewState,
} from './view-payloads.ts';
import { readModal } from './view-rules.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher };
type Action<Name extends PageAction['do']> = Extract<PageAction, { do: Name }>;

/** A person submits a form; it closes, unless the app says otherwise. */
export async function submitModal(
  { workspace, dispatcher }: Parts,
  action: Action<'submit-modal'>,
): Promise<PageActionResult> {
  const modal = openModal(workspace, action);
  if (!modal.view.submit) throw new Refusal("This form can't be submitted.");
  const values = stateOf(modal, action.values);
  const errors = action.unchecked ? {} : complaintsAbout(modal, values);
  if (Object.keys(errors).length > 0) return marked(errors);
  const acknowledged = await dispatcher.deliver('submission', submissionPayload(workspace, modal, values));
  if (!acknowledged.ok) throw trouble(acknowledged.error);
  return respond(workspace, modal, acknowledged.body);
}

const marked = (errors: Record<string, string>): PageActionResult => ({
  ok: false,
  error: 'Check the highlighted fields.',
  errors,
});

const trouble = (why: string) => new Refusal(`We had some trouble connecting. Try again? (${why})`);

/** What the app wants done with a submitted form. */
function respond({ modals }: Workspace, modal: Modal, body: Json | undefined): PageActionResult {
  switch (body?.['response_action']) {
    case undefined:
    case 'clear':
      modals.close(modal);
      return { ok: true };
    case 'errors':
      return marked(errorsIn(modal, body['errors']));
    case 'update':
      return shown(modals, modal, body['view']);
    default:
      throw trouble('invalid_response_action');
  }
}

function errorsIn({ view }: Modal, errors: unknown): Record<string, string> {
  const inputs = view.blocks.filter((block) => isRecord(block) && block['type'] === 'input');
  const ids = inputs.map((block) => (isRecord(block) ? block['block_id'] : undefined));
  const entries = isRecord(errors) ? Object.entries(errors) : [];
  const isFit = entries.every(([id, says]) => ids.includes(id) && typeof says === 'string' && says !== '');
  if (!isFit || entries.length === 0) throw trouble('invalid_errors');
  return Object.fromEntries(entries.map(([id, says]) => [id, String(says)]));
}

function shown(modals: Workspace['modals'], modal: Modal, given: unknown): PageActionResult {
  try {
    const view = readModal(given);
    if (modals.of(modal.person)?.id === modal.id) modals.replace(modal, view);
    return { ok: true };
  } catch (error) {
    throw error instanceof Refusal ? trouble(error.code) : error;
  }
}

/** Slack notifies the app only if it asked for that, and nobody waits for the answer. */
export function closeModal(
  { workspace, dispatcher }: Parts,
  action: Action<'close-modal'>,
): PageActionResult {
  const modal = openModal(workspace, action);
  workspace.modals.close(modal);
  if (modal.view.notify_on_close) void dispatcher.deliver('closing', closedPayload(workspace, modal));
  return { ok: true };
}

export async function clickInModal(
  { workspace, dispatcher }: Parts,
  action: Action<'click-modal'>,
): Promise<PageActionResult> {
  const modal = openModal(workspace, action);
  const values = stateOf(modal, action.values);
  const element = used(modal, action, values);
  return resultOf(
    await dispatcher.deliver('click', modalClickPayload(workspace, modal, { element, values })),
  );
}

/** A button, or what the person has just chosen or typed. */
function used(modal: Modal, action: Action<'click-modal'>, values: ViewState): ClickedElement {
  const { blockId, actionId } = action;
  const entry = values[blockId]?.[actionId];
  const element = entry
    ? { action_id: actionId, block_id: blockId, ...entry }
    : clickedElement(modal.view, action);
  if (!element) throw new Refusal('This form no longer has that button.');
  return element;
}

export async function searchInModal(
  { workspace, dispatcher }: Parts,
  action: Action<'search-modal'>,
): Promise<PageActionResult> {
  const modal = openModal(workspace, action);
  const { blockId, actionId, query } = action;
  const isThere = elementsIn(modal.view).some(
    ({ block, element }) =>
      block['block_id'] === blockId &&
      element['action_id'] === actionId &&
      element['type'] === 'external_select',
  );
  if (!isThere) throw new Refusal('This form no longer has that select.');
  const values = stateOf(modal, action.values);
  const payload = modalSearchPayload(workspace, modal, { blockId, actionId, query, values });
  const offered = offeredIn(await dispatcher.deliver('search', payload));
  const options = offered.map(optionOf);
  modal.offered.push(...offered.filter(isRecord));
  return { ok: true, options };
}

function openModal(workspace: Workspace, { person, viewId }: { person: string; viewId: string }): Modal {
  const modal = workspace.modals.of(personOf(workspace, person).id);
  if (modal?.id !== viewId) throw new Refusal('This form is closed.');
  return modal;
}
