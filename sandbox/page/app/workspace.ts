import { createContext, useContext } from 'react';
import type { PageAction, PageActionResult, PageState, Person } from '../../slack/page-contract.ts';

export type Place = { channel: string; threadTs?: string };

/** What every part of the page may need. */
export type Workspace = {
  state: PageState;
  me: Person;
  isDark: boolean;
  openChannel: (id: string) => void;
  /** The bot's Home for this person. */
  openHome: () => void;
  openThread: (channel: string, ts: string) => void;
  closeThread: () => void;
  /** And moves the focus to its first switch. */
  openSidebar: () => void;
  /**
   * Sends it to the local Slack; if it refuses, the person sees why as Slackbot's private notice in this
   * place.
   */
  act: (action: PageAction, place: Place) => Promise<boolean>;
  /** The same, with the whole answer. */
  ask: (action: PageAction, place: Place) => Promise<PageActionResult>;
  toast: (text: string) => void;
};

const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export const WorkspaceProvider = WorkspaceContext.Provider;

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace stands outside of WorkspaceProvider');
  return workspace;
}
