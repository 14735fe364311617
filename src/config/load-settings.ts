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
    return 'file not found; create it with dlq-tasks discover --write, or set DLQ_TASKS_CONFIG to another path';
  if (code === 'EISDIR') return 'this is a folder; set DLQ_TASKS_CONFIG to a file';
  if (code === 'EACCES') return "the bot isn't allowed to read this file; check its permissions";
  return `the file can't be read (${code})`;
}
