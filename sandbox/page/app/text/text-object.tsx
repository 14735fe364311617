import { Fragment } from 'react';
import { byPlace } from '../by-place.ts';
import { recordOf, stringOf } from '../json.ts';
import { Emoji } from './emoji.tsx';
import { unescapeText } from './mrkdwn.ts';
import { MrkdwnText } from './mrkdwn-text.tsx';

/** A text object of Block Kit: `mrkdwn` is parsed, `plain_text` only for emoji names. */
export function TextObject({ value }: { value: unknown }) {
  const { type, text } = recordOf(value);
  const shown = stringOf(text) ?? '';
  return type === 'mrkdwn' ? <MrkdwnText text={shown} /> : <PlainText text={shown} />;
}

function PlainText({ text }: { text: string }) {
  const pieces = unescapeText(text).split(/:([a-z0-9_+\-']+):/);
  return (
    <span className="plain-text">
      {byPlace(pieces).map(({ key, item }) => (
        <Fragment key={key}>{Number(key) % 2 === 0 ? item : <Emoji name={item} />}</Fragment>
      ))}
    </span>
  );
}

export function plainText(value: unknown): string {
  return unescapeText(stringOf(recordOf(value)['text']) ?? '');
}
