import { Avatar, BotAvatar } from '../ui/avatar.tsx';
import { useWorkspace } from '../workspace.ts';

export function useAuthorName(id: string): string {
  const { state } = useWorkspace();
  if (id === state.bot.userId) return state.bot.name;
  return state.people.find((person) => person.id === id)?.name ?? id;
}

export function AuthorAvatar({ id }: { id: string }) {
  const { state } = useWorkspace();
  const person = state.people.find((known) => known.id === id);
  if (id === state.bot.userId) return <BotAvatar />;
  return <Avatar person={person ?? { id, name: id, colour: '#616061', teamId: '' }} />;
}

export function AuthorName({ id }: { id: string }) {
  const { state } = useWorkspace();
  const name = useAuthorName(id);
  const person = state.people.find((known) => known.id === id);
  return (
    <>
      <b className="author">{name}</b>
      {id === state.bot.userId && <span className="badge">APP</span>}
      {person && isExternal(person.teamId, state.people) && <span className="badge">EXTERNAL</span>}
    </>
  );
}

/** The first person is from the bot's own workspace; people from others come through Slack Connect. */
export function isExternal(teamId: string, people: { teamId: string }[]): boolean {
  return people[0] !== undefined && people[0].teamId !== teamId;
}
