/**
 * A sentence with names in it. Names are kept apart from the words because they come from people and from AWS:
 * whoever shows the sentence sets them off and makes them harmless in its own way.
 */
export type Phrase = readonly (string | { name: string })[];

/** ``words`The role ${roleArn} is unknown.` `` Words put into words stay words; anything else is a name. */
export function phrase(
  texts: TemplateStringsArray,
  ...inserts: readonly (string | number | Phrase)[]
): Phrase {
  return texts.flatMap((text, i) => {
    const insert = inserts[i];
    if (insert === undefined) return [text];
    return [text, ...(typeof insert === 'object' ? insert : [{ name: String(insert) }])];
  });
}

/** For a terminal or a log. */
export function inPlainWords(sentence: Phrase): string {
  return sentence.map((part) => (typeof part === 'string' ? part : part.name)).join('');
}
