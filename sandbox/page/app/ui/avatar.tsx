import type { Person } from '../../../slack/page-contract.ts';
import { Icon } from './icons.tsx';

export function Avatar({ person }: { person: Person }) {
  return (
    <span className="avatar" style={{ background: person.colour }} aria-hidden="true">
      {person.name.slice(0, 1).toUpperCase()}
    </span>
  );
}

export function BotAvatar() {
  return (
    <span className="avatar avatar-bot" aria-hidden="true">
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <path d="M9 10h18M9 16h18" className="queue" />
        <path d="M9 26h5" className="queue" />
        <path d="M29 23c0 3-2.2 5-5 5h-5m3-3.5-3.5 3.5 3.5 3.5" className="back" />
      </svg>
    </span>
  );
}

export function SlackbotAvatar() {
  return (
    <span className="avatar avatar-slackbot" aria-hidden="true">
      <Icon name="eye" />
    </span>
  );
}
