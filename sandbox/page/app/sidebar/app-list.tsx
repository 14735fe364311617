import { Icon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace.ts';

export function AppList({ isOpen }: { isOpen: boolean }) {
  const { state, openHome } = useWorkspace();
  return (
    <section aria-label="Apps">
      <h2 className="sidebar-title">Apps</h2>
      <button
        type="button"
        className="channel"
        aria-current={isOpen ? 'page' : undefined}
        onClick={() => openHome()}
      >
        <Icon name="home" />
        <span className="channel-name">{state.bot.name}</span>
        <small>Home</small>
      </button>
    </section>
  );
}
