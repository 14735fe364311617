import type { Dispatcher } from './delivery.ts';
import { click, clickInHome, openHome, pickShortcut, search } from './interacting.ts';
import { clickInModal, closeModal, searchInModal, submitModal } from './modal-actions.ts';
import type { Channel, PageAction, PageActionResult } from './page-contract.ts';
import type { PageFaults } from './page-faults.ts';
import { channelOf } from './place.ts';
import { Refusal } from './refusal.ts';
import type { ResponseUrls } from './response-urls.ts';
import { send } from './speaking.ts';
import type { Workspace } from './workspace.ts';

type Parts = {
  workspace: Workspace;
  dispatcher: Dispatcher;
  responseUrls: ResponseUrls;
  pageFaults: PageFaults;
};

export type Perform = (action: PageAction) => Promise<PageActionResult>;

/**
 * Everything a person can do on the page. The promise resolves when Slack would have shown them the result.
 */
export function createPerform(parts: Parts): Perform {
  return async (action) => {
    try {
      return await act(parts, action);
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.code };
      throw error;
    }
  };
}

async function act(parts: Parts, action: PageAction): Promise<PageActionResult> {
  switch (action.do) {
    case 'send':
      return send(parts, action);
    case 'click':
      return click(parts, action);
    case 'search':
      return search(parts, action);
    case 'open-home':
      return openHome(parts, action);
    case 'click-home':
      return clickInHome(parts, action);
    case 'submit-modal':
      return submitModal(parts, action);
    case 'close-modal':
      return closeModal(parts, action);
    case 'click-modal':
      return clickInModal(parts, action);
    case 'search-modal':
      return searchInModal(parts, action);
    case 'shortcut':
      return pickShortcut(parts, action);
    case 'delete':
      return orElse(parts.workspace.messages.remove(action.channel, action.ts), 'This message is gone.');
    case 'set-bot-member':
      return changeChannel(parts.workspace, action.channel, { botIsMember: action.isMember });
    case 'set-archived':
      return changeChannel(parts.workspace, action.channel, { isArchived: action.isArchived });
    case 'set-fault':
      return orElse(parts.pageFaults.set(action.name, action.isOn), 'There is no such switch.');
  }
}

function orElse(worked: boolean, complaint: string): PageActionResult {
  if (!worked) throw new Refusal(complaint);
  return { ok: true };
}

function changeChannel(workspace: Workspace, id: string, change: Partial<Channel>): PageActionResult {
  workspace.channels.set(id, { ...channelOf(workspace, id), ...change });
  workspace.changed();
  return { ok: true };
}
