import { stringOf } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';
import type { ElementProps } from './block-element.tsx';

/** A button with a url opens it and notifies the bot too, as in Slack. */
export function ButtonElement({ element, isBusy, onPress }: ElementProps) {
  const style = stringOf(element['style']) ?? '';
  return (
    <button
      type="button"
      className={`button ${style}${isBusy ? ' busy' : ''}`}
      aria-label={stringOf(element['accessibility_label'])}
      aria-disabled={isBusy}
      aria-busy={isBusy}
      title={stringOf(element['url'])}
      onClick={() => isBusy || onPress(stringOf(element['value']))}
    >
      <TextObject value={element['text']} />
    </button>
  );
}
