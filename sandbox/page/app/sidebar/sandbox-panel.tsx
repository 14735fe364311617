import type { Fault } from '../../../slack/page-contract.ts';
import { Icon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace.ts';

/** The switches for a visitor, redrives first, then faults; and how the bot is connected. */
export function SandboxPanel() {
  const { state } = useWorkspace();
  const redrives = state.faults.filter(({ kind }) => kind === 'redrive');
  const faults = state.faults.filter(({ kind }) => kind === undefined);
  return (
    <>
      <Switches title="Start a redrive" icon="play" switches={redrives} />
      <Switches title="Break something" icon="flask" switches={faults} />
      <p className="transport">
        {state.bot.name} is reached by {state.transport}
      </p>
    </>
  );
}

type Props = { title: string; icon: 'play' | 'flask'; switches: Fault[] };

function Switches({ title, icon, switches }: Props) {
  if (switches.length === 0) return null;
  return (
    <section className="sandbox-panel" aria-label={title}>
      <h2 className="sidebar-title">
        <Icon name={icon} /> {title}
      </h2>
      {switches.map((one) => (
        <Switch key={one.name} {...one} />
      ))}
    </section>
  );
}

function Switch({ name, label, isOn, kind, hint }: Fault) {
  const { act, state } = useWorkspace();
  const channel = state.channels[0]?.id ?? '';
  return (
    <>
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        className={`switch-row ${kind ?? 'fault'}`}
        onClick={() => void act({ do: 'set-fault', name, isOn: !isOn }, { channel })}
      >
        <span>{label}</span>
        <span className="switch" aria-hidden="true" />
      </button>
      {isOn && hint && (
        <p className="switch-hint">
          Now type <code>{hint}</code>
        </p>
      )}
    </>
  );
}
