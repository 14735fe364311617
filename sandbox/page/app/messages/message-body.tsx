import type { PageMessage } from '../../../slack/page-contract.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { MessageContext } from '../blocks/use-press.ts';
import { MrkdwnText } from '../text/mrkdwn-text.tsx';
import { Attachments } from './attachments.tsx';

/** If there are blocks, Slack shows them instead of the text. */
export function MessageBody({ message }: { message: PageMessage }) {
  const hasBlocks = message.blocks !== undefined && message.blocks.length > 0;
  return (
    <MessageContext value={message}>
      <div className="message-body">
        {hasBlocks ? <Blocks blocks={message.blocks} /> : <MrkdwnText text={message.text} />}
        {message.attachments && <Attachments attachments={message.attachments} />}
        {message.editedAt !== undefined && <span className="edited">(edited)</span>}
      </div>
    </MessageContext>
  );
}
