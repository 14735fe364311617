import type { DestinationStream } from 'pino';
import pretty from 'pino-pretty';

/** For a person at a terminal: one line an event, with its facts behind it. */
export function readableLines(destination?: NodeJS.WritableStream): DestinationStream {
  return pretty({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    errorLikeObjectKeys: ['err', 'error'],
    // What is written last before the process ends is seen, too.
    sync: true,
    ...(destination && { destination }),
  });
}
