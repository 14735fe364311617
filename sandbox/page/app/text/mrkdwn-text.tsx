import { byPlace } from '../by-place.ts';
import { DateText } from './date-text.tsx';
import { Emoji } from './emoji.tsx';
import { BroadcastMention, ChannelMention, GroupMention, UserMention } from './mention.tsx';
import { type Inline, type Part, parseMrkdwn } from './mrkdwn.ts';
import { SafeLink } from './safe-link.tsx';

export function MrkdwnText({ text }: { text: string }) {
  return (
    <div className="mrkdwn">
      {byPlace(parseMrkdwn(text)).map(({ key, item: part }) => (
        <PartView key={key} part={part} />
      ))}
    </div>
  );
}

function PartView({ part }: { part: Part }) {
  if (part.is === 'preformatted') return <pre className="code-block">{part.text}</pre>;
  if (part.is === 'quote') {
    return (
      <blockquote>
        <InlineText inside={part.inside} />
      </blockquote>
    );
  }
  return (
    <p>
      <InlineText inside={part.inside} />
    </p>
  );
}

function InlineText({ inside }: { inside: Inline[] }) {
  return byPlace(inside).map(({ key, item: inline }) => <InlineView key={key} inline={inline} />);
}

function InlineView({ inline }: { inline: Inline }) {
  switch (inline.is) {
    case 'text':
      return inline.text;
    case 'bold':
      return (
        <b>
          <InlineText inside={inline.inside} />
        </b>
      );
    case 'italic':
      return (
        <i>
          <InlineText inside={inline.inside} />
        </i>
      );
    case 'strike':
      return (
        <s>
          <InlineText inside={inline.inside} />
        </s>
      );
    case 'code':
      return <code>{inline.text}</code>;
    case 'emoji':
      return <Emoji name={inline.name} />;
    case 'link':
      return <SafeLink url={inline.url}>{inline.label}</SafeLink>;
    case 'user':
      return <UserMention id={inline.id} label={inline.label} />;
    case 'channel':
      return <ChannelMention id={inline.id} label={inline.label} />;
    case 'group':
      return <GroupMention id={inline.id} label={inline.label} />;
    case 'broadcast':
      return <BroadcastMention to={inline.to} />;
    case 'date':
      return <DateText {...inline} />;
  }
}
