import { readFile } from 'node:fs/promises';
import { type ParsedSettings, parseSettings } from './parse-settings.ts';

/** A file that cannot be read counts as one fault. */
export async function loadSettings(path: string): Promise<ParsedSettings> {
  const file = await readFile(path, 'utf8').then(
    (text) => ({ text }),
    (error: unknown) => ({ fault: { path: '', message: whyUnreadable(error) } }),
  );
  return 'text' in file ? parseSettings(file.text) : { ok: false, faults: [file.fault] };
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT')
    return 'there is no such file; dlq-tasks discover --write makes one, or name another in DLQ_TASKS_CONFIG';
  if (code === 'EISDIR') return 'this is a folder; name the file in DLQ_TASKS_CONFIG';
  if (code === 'EACCES') return 'the bot may not read this file; check its permissions';
  return `the file cannot be read (${code})`;
}
