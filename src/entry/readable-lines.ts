import type { DestinationStream } from 'pino';
import pretty from 'pino-pretty';

/** For people at a terminal: one line for each event, with its fields at the end. */
export function readableLines(destination?: NodeJS.WritableStream): DestinationStream {
  return pretty({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    errorLikeObjectKeys: ['err', 'error'],
    // So that the last lines before the process ends are written, too.
    sync: true,
    ...(destination && { destination }),
  });
}
