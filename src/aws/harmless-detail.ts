const longestDetail = 600;
/** Longer than any message from AWS; a proxy's page may have any size. */
const longestRead = 5_000;

/** ARNs and URLs, access key ids, and strings as long as a key, a signature, a session token or a task handle. */
const namesOrSecrets = /(?:arn:|https?:\/\/)[^\s'"?<>]+|\b(?:AKIA|ASIA)[A-Z0-9]{8,}|[A-Za-z0-9+/=_-]{32,}/g;

/** What AWS said, in one line of at most 600 characters, without secrets. */
export function harmlessDetail(message: unknown): string {
  if (typeof message !== 'string') return '';
  const line = message
    .slice(0, longestRead)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\/\/[^\s/@]+@/g, '//[hidden]@')
    .replace(namesOrSecrets, (run) => (isSecret(run) ? '[hidden]' : run));
  return line.length <= longestDetail ? line : `${withoutHalf(line.slice(0, longestDetail - 1))}…`;
}

/** Names of this length rarely mix lower case, upper case and digits, and are never purely hexadecimal. */
function isSecret(run: string): boolean {
  if (/^(?:arn:|https?:)/.test(run)) return false;
  if (/^(?:AKIA|ASIA)/.test(run) || /^[0-9a-f]{40,}$/i.test(run)) return true;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}

/** Truncating may split an emoji. */
function withoutHalf(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}
