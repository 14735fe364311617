/**
 * Removes secrets from log lines, whatever a library put into them. Libraries log what they send and receive as it is on
 * the wire, so a secret may be JSON within JSON (where Slack escapes slashes, too), URL-encoded, or both.
 */
const hidden = '[hidden]';

const colon = '(?::|%(?:25)*3A)';
const slash = '(?:\\\\*/|%(?:25)*2F)';
const base64 = '(?:[A-Za-z0-9+/=_-]|\\\\+/|%(?:25)*(?:2B|2F|3D))';
const restOfUrl = '(?:[^\\s"\'`<>\\\\]|\\\\+/)+';

const shapes: readonly RegExp[] = [
  /x(?:ox[a-z](?:\.xox[a-z])?|app|wfp)-[\w-]{4,}/gi,
  /v0(?:=|%(?:25)*3D)[0-9a-f]{16,}/gi,
  new RegExp(`https?${colon}${slash}${slash}hooks\\.slack(?:-gov)?\\.com${restOfUrl}`, 'gi'),
  new RegExp(`wss?${colon}${slash}${slash}${restOfUrl}`, 'gi'),
  // Task handles and other JSON in base64, receipt handles, and session tokens.
  new RegExp(`(?:eyJ|AQEB|IQoJ|FwoG|FQoG)${base64}{16,}`, 'g'),
  /(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /Bearer\s+[\w.~+/=-]{8,}/gi,
  /(?<!\d)\d{9,}\.\d{9,}\.[0-9a-f]{16,}/gi,
];

const names = [
  'response_url',
  'trigger_id',
  'token',
  'ticket',
  'authorization',
  'signature',
  'x-slack-signature',
  'x-amz-signature',
  'x-amz-security-token',
  'TaskHandle',
  'ReceiptHandle',
  'SecretAccessKey',
  'SessionToken',
];
const anyName = `(?:${names.join('|')})`;
const isNamed = new RegExp(`^${anyName}$`, 'i');
const name = `(?<![A-Za-z0-9])${anyName}`;
const restOfWord = '[^\\s&"`<>\\\\]';

/** A name and its value. The value ends where its surroundings end, or with the text. */
const named: readonly RegExp[] = [
  // "name":"value": up to the quote that is escaped as often as the first.
  `(${name}(?:\\\\*["'])?\\s*[:=]\\s*(\\\\*)(["'\`]))[\\s\\S]*?(?:(?<!\\\\)(?=\\2\\3)|$)`,
  // The same, URL-encoded.
  `(${anyName}(%(?:25)*22)%(?:25)*3A\\2)(?:(?!(?<!5C)\\2)\\S)+`,
  `(${name}=)${restOfWord}+`,
  `(${anyName}%((?:25)*)3D)(?:(?!%\\2(?:26))${restOfWord})+`,
  '((?:authorization|x-slack-signature|x-amz-security-token)\\s*:\\s*)(?!["\'`\\\\\\s])[^\\r\\n"\'`]+',
].map((pattern) => new RegExp(pattern, 'gi'));

/** Shorter values are not secrets, and ordinary words might equal them. */
const shortestSecret = 8;

/** Most strings of a log repeat, so harmless ones are remembered. */
const harmlessKept = 2_000;
const longestKept = 200;

export function redactor(secrets: readonly string[]): (line: string) => string {
  const known = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(spellings);
  const harmless = new Set<string>();
  const redact = (text: string) => {
    if (harmless.has(text)) return text;
    const clean = cleaned(text);
    if (harmless.size >= harmlessKept) harmless.clear();
    if (clean === text && text.length <= longestKept) harmless.add(text);
    return clean;
  };
  const cleaned = (text: string) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
    const withoutShapes = shapes.reduce((rest, shape) => rest.replace(shape, hidden), withoutKnown);
    return named.reduce((rest, pattern) => rest.replace(pattern, `$1${hidden}`), withoutShapes);
  };
  return (line) => {
    const parsed = parseJson(line);
    return parsed ? `${JSON.stringify(redacted(parsed.value, redact))}\n` : redact(line);
  };
}

/** The secret itself, JSON-escaped and URL-encoded, each up to twice; longest first. */
function spellings(secret: string): string[] {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const twice = (spell: (text: string) => string) => [spell(secret), spell(spell(secret))];
  const all = [secret, ...twice(inJson), ...twice(encodeURIComponent), encodeURIComponent(inJson(secret))];
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function parseJson(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return undefined;
  }
}

function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redact(key),
      isNamed.test(key) && item !== null ? hidden : redacted(item, redact),
    ]),
  );
}
