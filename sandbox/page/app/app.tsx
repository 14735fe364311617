import { useCallback, useEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import type { PageState } from '../../slack/page-contract.ts';
import { ChannelPane } from './channel/channel-pane.tsx';
import { ThreadPane } from './channel/thread-pane.tsx';
import { postAction, useConnection } from './connection.ts';
import { HomePane } from './home/home-pane.tsx';
import { ModalHost } from './modal/modal-host.tsx';
import { Sidebar } from './sidebar/sidebar.tsx';
import { Toasts } from './ui/toasts.tsx';
import { useIsDark } from './use-is-dark.ts';
import { useNotices } from './use-notices.ts';
import { useToasts } from './use-toasts.ts';
import { useUnread } from './use-unread.ts';
import { useView } from './use-view.ts';
import { type Workspace, WorkspaceProvider } from './workspace.ts';

export function App() {
  const { state, isLive } = useConnection();
  const hasPlaces = state?.people[0] && state.channels[0];
  return (
    <>
      {!isLive && state && (
        <p className="reconnecting" role="alert">
          The sandbox isn't responding. Reconnecting…
        </p>
      )}
      {hasPlaces ? <Shell state={state} /> : <p className="loading">Waiting for the sandbox…</p>}
    </>
  );
}

function Shell({ state }: { state: PageState }) {
  const [view, setView] = useView();
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const isDark = useIsDark();
  const { toasts, toast, dismiss } = useToasts();
  const me = state.people.find(({ id }) => id === view.person) ?? state.people[0];
  const channel = state.channels.find(({ id }) => id === view.channel) ?? state.channels[0];
  const { notices, tell, dismiss: dismissNotice } = useNotices(me?.id ?? '');
  const unread = useUnread(state, me?.id ?? '', channel?.id ?? '');
  const closeThread = useCallback(() => setView({ thread: '' }), [setView]);
  useEscape(() => (isDrawerOpen ? setIsDrawerOpen(false) : closeThread()));
  const ask = useCallback<Workspace['ask']>(
    async (action, place) => {
      const result = await postAction(action);
      if (!result.ok) tell(place, result.error);
      return result;
    },
    [tell],
  );
  const workspace = useMemo<Workspace | undefined>(() => {
    if (!me) return undefined;
    return {
      state,
      me,
      isDark,
      toast,
      closeThread,
      openChannel: (id) => {
        setIsDrawerOpen(false);
        setView({ channel: id, thread: '', home: '' });
      },
      openHome: () => {
        setIsDrawerOpen(false);
        setView({ thread: '', home: 'open' });
      },
      openSidebar: () => {
        // Hidden parts can't get the focus.
        flushSync(() => setIsDrawerOpen(matchMedia('(max-width: 700px)').matches));
        document.querySelector<HTMLElement>('.sidebar [role="switch"]')?.focus();
      },
      openThread: (id, ts) => setView({ channel: id, thread: ts, home: '' }),
      act: async (action, place) => (await ask(action, place)).ok,
      ask,
    };
  }, [state, me, isDark, toast, ask, closeThread, setView]);
  if (!workspace || !channel) return null;
  const shared = { channel, notices, onDismiss: dismissNotice };
  return (
    <WorkspaceProvider value={workspace}>
      <div className={`shell${view.thread ? ' has-thread' : ''}`}>
        <Sidebar
          channel={view.home ? '' : channel.id}
          isHomeOpen={view.home !== undefined}
          unread={unread}
          isOpen={isDrawerOpen}
          onClose={() => setIsDrawerOpen(false)}
          onPerson={(person) => setView({ person })}
        />
        {isDrawerOpen && <div className="scrim" onPointerDown={() => setIsDrawerOpen(false)} />}
        {view.home ? (
          <HomePane notices={notices} onDismiss={dismissNotice} onMenu={() => setIsDrawerOpen(true)} />
        ) : (
          <ChannelPane key={channel.id} {...shared} onMenu={() => setIsDrawerOpen(true)} />
        )}
        {view.thread && <ThreadPane key={view.thread} {...shared} thread={view.thread} />}
      </div>
      <ModalHost />
      <Toasts toasts={toasts} onDismiss={dismiss} />
    </WorkspaceProvider>
  );
}

/** Escape closes what is on top; menus and dialogs handle it themselves. */
function useEscape(onEscape: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onEscape();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
