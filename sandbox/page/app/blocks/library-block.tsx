import { type MouseEvent, useLayoutEffect, useRef, useState } from 'react';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { type Json, recordOf, stringOf } from '../json.ts';
import { DateText } from '../text/date-text.tsx';
import { Emoji } from '../text/emoji.tsx';
import { BroadcastMention, ChannelMention, GroupMention, UserMention } from '../text/mention.tsx';
import { SafeLink } from '../text/safe-link.tsx';
import { useWorkspace } from '../workspace.ts';
import { BoxedBlock } from './boxed-block.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { elementWithAction, readableForLibrary } from './library-input.ts';
import { usePress } from './use-press.ts';

type LibraryHooks = NonNullable<Parameters<typeof Message>[0]['hooks']>;

const hooks: LibraryHooks = {
  user: ({ id }) => <UserMention id={id} />,
  channel: ({ id, name }) => <ChannelMention id={id} label={name} />,
  usergroup: ({ id }) => <GroupMention id={id} />,
  atChannel: () => <BroadcastMention to="channel" />,
  atEveryone: () => <BroadcastMention to="everyone" />,
  atHere: () => <BroadcastMention to="here" />,
  emoji: ({ name }) => <Emoji name={name} />,
  link: ({ href, children }) => <SafeLink url={href ?? ''}>{children}</SafeLink>,
  date: ({ timestamp, format, link, fallback }) => (
    <DateText timestamp={Number(timestamp)} format={format} url={link ?? undefined} fallback={fallback} />
  ),
};

/**
 * A block as slack-blocks-to-jsx renders it. It has no callback, so a click is traced to its element by the
 * action_id.
 */
export function LibraryBlock({ block }: { block: Json }) {
  const { isDark } = useWorkspace();
  const root = useRef<HTMLDivElement>(null);
  const [isBlank, setIsBlank] = useState(false);
  const { press, asking, confirm, cancel } = usePress();
  useLayoutEffect(() => setIsBlank(root.current !== null && showsNothing(root.current)), []);
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const id = event.target instanceof Element ? event.target.closest('button[id]')?.id : undefined;
    const element = id === undefined ? undefined : elementWithAction(block, id);
    if (!element) return;
    event.stopPropagation();
    press(stringOf(block['block_id']) ?? '', element, stringOf(element['value']));
  };
  if (isBlank) return <BoxedBlock block={block} />;
  return (
    <div className="library-block" data-type={block['type']} ref={root} onClickCapture={onClick}>
      <Message
        name=""
        logo=""
        withoutWrapper
        theme={isDark ? 'dark' : 'light'}
        blocks={[readableForLibrary(block) as Block]}
        hooks={hooks}
      />
      {asking && (
        <ConfirmDialog confirm={recordOf(asking.element['confirm'])} onConfirm={confirm} onCancel={cancel} />
      )}
    </div>
  );
}

function showsNothing(node: HTMLElement): boolean {
  return node.textContent?.trim() === '' && !node.querySelector('img, svg, input, textarea, iframe, button');
}
