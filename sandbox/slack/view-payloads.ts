import type { ClickedElement } from './clicked-element.ts';
import type { Json } from './json.ts';
import type { Modal } from './modals.ts';
import { actionTs, interactionOf } from './payloads.ts';
import { personOf } from './place.ts';
import type { Workspace } from './workspace.ts';

/** `state.values` of a form, by block and element. */
export type ViewState = Record<string, Record<string, Json>>;

/** A form in the format of Slack's API and payloads. */
export function apiView({ settings }: Workspace, modal: Modal, values: ViewState = {}): Json {
  const { team, bot } = settings;
  return {
    id: modal.id,
    team_id: team.id,
    ...modal.view,
    hash: modal.hash,
    state: { values },
    previous_view_id: null,
    root_view_id: modal.id,
    app_id: bot.appId,
    app_installed_team_id: team.id,
    bot_id: bot.botId,
  };
}

export function submissionPayload(workspace: Workspace, modal: Modal, values: ViewState): Json {
  return {
    type: 'view_submission',
    ...interactionOf(workspace, personOf(workspace, modal.person)),
    view: apiView(workspace, modal, values),
    response_urls: [],
  };
}

/** Closing gives no trigger: no form can be opened after it. */
export function closedPayload(workspace: Workspace, modal: Modal): Json {
  const { trigger_id: _, ...who } = interactionOf(workspace, personOf(workspace, modal.person));
  return { type: 'view_closed', ...who, view: apiView(workspace, modal), is_cleared: false };
}

/** A click in a form belongs to no channel. */
export function modalClickPayload(
  workspace: Workspace,
  modal: Modal,
  { element, values }: { element: ClickedElement; values: ViewState },
): Json {
  return {
    type: 'block_actions',
    ...interactionOf(workspace, personOf(workspace, modal.person)),
    container: { type: 'view', view_id: modal.id },
    view: apiView(workspace, modal, values),
    state: { values },
    actions: [{ ...element, action_ts: actionTs(workspace) }],
  };
}

export function modalSearchPayload(
  workspace: Workspace,
  modal: Modal,
  typed: { blockId: string; actionId: string; query: string; values: ViewState },
): Json {
  const { trigger_id: _, ...who } = interactionOf(workspace, personOf(workspace, modal.person));
  return {
    type: 'block_suggestion',
    ...who,
    container: { type: 'view', view_id: modal.id },
    view: apiView(workspace, modal, typed.values),
    block_id: typed.blockId,
    action_id: typed.actionId,
    value: typed.query,
  };
}
