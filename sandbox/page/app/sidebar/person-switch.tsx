import { isExternal } from '../messages/author.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { useWorkspace } from '../workspace.ts';

export function PersonSwitch({ onPerson }: { onPerson: (id: string) => void }) {
  const { state, me } = useWorkspace();
  const items = state.people.map((person) => ({
    key: person.id,
    isChosen: person.id === me.id,
    onPick: () => onPerson(person.id),
    label: (
      <>
        <Avatar person={person} />
        <span>{person.name}</span>
        {isExternal(person.teamId, state.people) && <span className="badge">EXTERNAL</span>}
        {person.id === me.id && <Icon name="check" />}
      </>
    ),
  }));
  return (
    <footer className="person-switch">
      <Menu label={`You are: ${me.name}. Switch person`} className="person-button" items={items}>
        <Avatar person={me} />
        <span>
          <small>You are:</small>
          <b>{me.name}</b>
        </span>
        <Icon name="chevron" />
      </Menu>
    </footer>
  );
}
