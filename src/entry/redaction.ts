/**
 * The last gate before a log line is written: whatever some library put into it, these never leave the process.
 * Lines are JSON, so a quote inside a value is escaped once or twice.
 */
const hidden = '[hidden]';

const shapes: RegExp[] = [
  /xox[a-z](?:\.[a-z]+)?-[\w-]{4,}/g,
  /xapp-[\w-]{4,}/g,
  /v0=[0-9a-f]{16,}/gi,
  /https:\/\/hooks\.slack(?:-gov)?\.com\/[^\s"\\]+/g,
  /wss?:\/\/[^\s"\\]*(?:ticket|link)[^\s"\\]*/g,
  /AQEB[A-Za-z0-9+/=_-]{16,}/g,
  /eyJ0YXNrSWQi[A-Za-z0-9+/=_-]+/g,
];

const names = [
  'response_url',
  'trigger_id',
  'token',
  'authorization',
  'x-slack-signature',
  'TaskHandle',
  'SecretAccessKey',
  'SessionToken',
];
const named = new RegExp(`(\\\\*"(?:${names.join('|')})\\\\*"\\s*:\\s*\\\\*")[^"\\\\]*`, 'gi');

export function redactor(secrets: readonly string[]): (line: string) => string {
  const known = secrets.filter((secret) => secret.length >= 6);
  return (line) => {
    const withoutNamed = line.replace(named, `$1${hidden}`);
    const withoutShapes = shapes.reduce((text, shape) => text.replace(shape, hidden), withoutNamed);
    return known.reduce((text, secret) => text.replaceAll(secret, hidden), withoutShapes);
  };
}
