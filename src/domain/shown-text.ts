/** All but what joins the parts of an emoji, or letters. */
const invisible =
  /(?!(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])\p{Join_Control}(?=[\p{L}\p{Extended_Pictographic}]))\p{Cf}/gu;

/** On one line, without invisible characters such as those that move a cursor or reverse the text direction. */
export function visible(text: string): string {
  return text
    .replace(invisible, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Cuts between code points, so that no half of an emoji is left. */
export function cut(text: string, atMost: number): string {
  const points = [...text];
  return points.length <= atMost ? text : `${points.slice(0, Math.max(0, atMost - 1)).join('')}…`;
}

let segmenter: Intl.Segmenter | undefined;

/** What people count as characters. Intl is loaded when it is first needed: it takes 10 ms of a cold start. */
export function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}
