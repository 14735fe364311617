/** A token of Slack's: a mention, a channel, a date or a link, with or without a label. */
const token = /<([^<>|]*)(?:\|([^<>]*))?>/g;

/** An emoji in a text, such as `:mail:`. */
const emoji = /(?<![^\s]):[\w+'-]{1,100}:(?![^\s*_~])/g;

/** A text of Slack's as people read it, without emoji; a link keeps its address beside its label. */
export function asRead(text: string): string {
  return unescaped(
    text
      .replace(emoji, ' ')
      .replace(token, (_, what: string, label: string | undefined) =>
        /^[@#!]/.test(what) ? (label ?? '') : `${what} ${label ?? ''}`,
      ),
  );
}

/**
 * What a person typed to the bot in a message: without the mention itself, wherever it stands, and what Slack and the
 * composer add to words. Other people and channels that are named are no part of a command.
 */
export function asTyped(text: string, botUserId: string): string {
  const mention = new RegExp(`<@${botUserId}(?:\\|[^<>]*)?>\\s*[:,]?`, 'g');
  const plain = text
    .replaceAll(mention, ' ')
    .replace(token, (_, what: string) => (/^[@#!]/.test(what) ? ' ' : ` ${withoutScheme(what)} `))
    .replace(/[*~]/g, '')
    .replace(/```/g, '`')
    .replace(/(^|\s)_(\S(?:[^\n]{0,200}\S)?)_(?=\s|$)/gu, '$1$2');
  return unescaped(plain).replace(/\s+/gu, ' ').trim();
}

/** Slack takes a word with an `@` in it for an e-mail address. */
function withoutScheme(address: string): string {
  return address.replace(/^(?:mailto|tel):/, '');
}

/** Slack escapes these three and no more. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
