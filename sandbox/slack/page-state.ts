import type { Dispatcher } from './delivery.ts';
import type { PageState } from './page-contract.ts';
import type { PageFaults } from './page-faults.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher; socketMode: SocketMode; pageFaults: PageFaults };

export function pageState({ workspace, dispatcher, socketMode, pageFaults }: Parts): PageState {
  const { bot, commands, shortcuts, completions, suggestions } = workspace.settings;
  return {
    revision: workspace.revision(),
    transport: transportLine(dispatcher, socketMode),
    bot: { userId: bot.userId, name: bot.name },
    commands,
    shortcuts,
    completions,
    suggestions,
    people: [...workspace.people.values()],
    channels: [...workspace.channels.values()],
    messages: workspace.messages.all(),
    faults: pageFaults.list(),
    homes: Object.fromEntries(workspace.homes),
  };
}

function transportLine(dispatcher: Dispatcher, socketMode: SocketMode): string {
  if (dispatcher.transport() === 'http') return dispatcher.requestUrl() ? 'signed HTTP' : 'not connected';
  return socketMode.connections.count() > 0 ? 'Socket Mode' : 'Socket Mode, not connected';
}
