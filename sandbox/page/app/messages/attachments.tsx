import { Blocks } from '../blocks/blocks.tsx';
import { byPlace } from '../by-place.ts';
import { listOf, recordOf, stringOf } from '../json.ts';
import { MrkdwnText } from '../text/mrkdwn-text.tsx';
import { SafeLink } from '../text/safe-link.tsx';

/** Attachments are Slack's older format; the bar on the left has their color. */
export function Attachments({ attachments }: { attachments: unknown[] }) {
  return byPlace(attachments).map(({ key, item: attachment }) => {
    const { color, pretext, title, title_link, text, fallback, blocks } = recordOf(attachment);
    const shownTitle = stringOf(title);
    const shownText = stringOf(text) ?? (listOf(blocks).length === 0 ? stringOf(fallback) : undefined);
    return (
      <div key={key}>
        {typeof pretext === 'string' && <MrkdwnText text={pretext} />}
        <div className="attachment" style={{ borderColor: colourOf(color) }}>
          {shownTitle !== undefined && (
            <b>
              <SafeLink url={stringOf(title_link) ?? ''}>{shownTitle}</SafeLink>
            </b>
          )}
          {shownText !== undefined && <MrkdwnText text={shownText} />}
          <Blocks blocks={blocks} />
        </div>
      </div>
    );
  });
}

function colourOf(color: unknown): string | undefined {
  const named: Record<string, string> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };
  const given = stringOf(color) ?? '';
  return named[given] ?? (/^#?[0-9a-f]{6}$/i.test(given) ? `#${given.replace('#', '')}` : undefined);
}
