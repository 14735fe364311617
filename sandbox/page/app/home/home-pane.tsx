import { useEffect } from 'react';
import { Blocks } from '../blocks/blocks.tsx';
import { HomeContext } from '../blocks/use-press.ts';
import { Icon } from '../ui/icons.tsx';
import type { Notice } from '../use-notices.ts';
import { useWorkspace } from '../workspace.ts';

type Props = { notices: Notice[]; onDismiss: (id: string) => void; onMenu: () => void };

/** What the bot has published for this person. Opening it notifies the bot, as in Slack. */
export function HomePane({ notices, onDismiss, onMenu }: Props) {
  const { state, me, act } = useWorkspace();
  const { name } = state.bot;
  const home = state.homes?.[me.id];
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each opening, not for each new state
  useEffect(() => void act({ do: 'open-home', person: me.id }, { channel: '' }), [me.id]);
  return (
    <main className="pane home-pane" aria-label={`Home of ${name}`}>
      <header className="pane-header">
        <button type="button" className="icon-button drawer-open" aria-label="Open sidebar" onClick={onMenu}>
          <Icon name="menu" />
        </button>
        <div className="pane-title">
          <h2>
            <Icon name="home" />
            <span>{name}</span>
          </h2>
          <p>Home: only you see this page</p>
        </div>
      </header>
      <section className="home-content" aria-label="Home">
        {home ? (
          <HomeContext value={home}>
            <Blocks blocks={home.blocks} />
          </HomeContext>
        ) : (
          <p className="home-empty">{name} hasn't published anything here yet.</p>
        )}
        {notices
          .filter(({ channel }) => channel === '')
          .map(({ id, text }) => (
            <p key={id} className="home-notice" role="alert">
              {text}{' '}
              <button type="button" className="button small" onClick={() => onDismiss(id)}>
                Dismiss
              </button>
            </p>
          ))}
      </section>
    </main>
  );
}
