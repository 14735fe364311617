import type { Dispatcher } from './delivery.ts';
import type { Modal } from './modals.ts';
import type { PageModal, PageState } from './page-contract.ts';
import type { PageFaults } from './page-faults.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher; socketMode: SocketMode; pageFaults: PageFaults };

export function pageState({ workspace, dispatcher, socketMode, pageFaults }: Parts): PageState {
  const { bot, commands, shortcuts, completions, suggestions, groupNames } = workspace.settings;
  return {
    revision: workspace.revision(),
    transport: transportLine(dispatcher, socketMode),
    bot: { userId: bot.userId, name: bot.name },
    commands,
    shortcuts,
    completions,
    suggestions,
    people: [...workspace.people.values()],
    ...(groupNames && { groupNames }),
    channels: [...workspace.channels.values()],
    messages: workspace.messages.all(),
    faults: pageFaults.list(),
    homes: Object.fromEntries(workspace.homes),
    modals: Object.fromEntries(workspace.modals.all().map((modal) => [modal.person, pageModal(modal)])),
  };
}

/** What the app stores in a form for itself is not sent to the page. */
function pageModal({ id, hash, view: { title, submit, close, blocks } }: Modal): PageModal {
  return { id, hash, title, submit, close, blocks };
}

function transportLine(dispatcher: Dispatcher, socketMode: SocketMode): string {
  if (dispatcher.transport() === 'http') return dispatcher.requestUrl() ? 'signed HTTP' : 'not connected';
  return socketMode.connections.count() > 0 ? 'Socket Mode' : 'Socket Mode, not connected';
}
