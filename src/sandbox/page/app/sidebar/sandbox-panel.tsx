import { Icon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace.ts';

/** How the bot is reached, and the bad days that can be switched on. */
export function SandboxPanel() {
  const { state } = useWorkspace();
  return (
    <section className="sandbox-panel" aria-label="Sandbox">
      <h2 className="sidebar-title">
        <Icon name="flask" /> Sandbox
      </h2>
      <p className="transport">
        {state.bot.name}: {state.transport}
      </p>
      {state.faults.length > 0 && <h3>Faults</h3>}
      {state.faults.map((fault) => (
        <FaultSwitch key={fault.name} {...fault} />
      ))}
    </section>
  );
}

function FaultSwitch({ name, label, isOn }: { name: string; label: string; isOn: boolean }) {
  const { act, state } = useWorkspace();
  const channel = state.channels[0]?.id ?? '';
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      className="fault"
      onClick={() => void act({ do: 'set-fault', name, isOn: !isOn }, { channel })}
    >
      <span>{label}</span>
      <span className="switch" aria-hidden="true" />
    </button>
  );
}
