const longestDetail = 600;
/** More than AWS ever says; a proxy's page may be any size. */
const longestRead = 5_000;

/** ARNs and addresses, access key ids, and runs as long as a key, a signature, a session token or a task handle. */
const namesOrSecrets = /(?:arn:|https?:\/\/)[^\s'"?<>]+|\b(?:AKIA|ASIA)[A-Z0-9]{8,}|[A-Za-z0-9+/=_-]{32,}/g;

/** What AWS said, in one line of at most 600 characters, without anything that opens a door. */
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

/** Names are seldom all of lower case, upper case and digits at this length, and never in hexadecimal only. */
function isSecret(run: string): boolean {
  if (/^(?:arn:|https?:)/.test(run)) return false;
  if (/^(?:AKIA|ASIA)/.test(run) || /^[0-9a-f]{40,}$/i.test(run)) return true;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}

/** A cut may leave half of an emoji. */
function withoutHalf(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}
