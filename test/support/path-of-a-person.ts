import { delimiter } from 'node:path';

/** The PATH without the folders that npx and npm scripts put before it. */
export function pathOfAPerson(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.filter((folder) => !folder.includes('node_modules')).join(delimiter);
}
