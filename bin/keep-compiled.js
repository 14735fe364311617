import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * What was compiled at an earlier start is not compiled anew: the bot is ready half as soon again, and Node's TypeScript
 * reader, 20 MB of memory, is not even loaded. Where the folder cannot be written, nothing changes.
 */
export function keepCompiled() {
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/dlq-tasks/compiled', import.meta.url)));
}
