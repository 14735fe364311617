import { environmentDefaults } from '../config/environment.ts';
import { type CliCall, CliError, exitCodes } from './command.ts';
import type { RecordPlace } from './ports.ts';

export const tableOption = {
  type: 'string',
  value: 'name',
  gives: 'the DynamoDB table of a bot on Lambda',
} as const;

type Recorded<R> = { open: (place: RecordPlace) => Promise<R>; what: string; output: string };

/** Opens a record of the bot, shows it, and closes it. `what`: its name; `output`: the stack's output that names its table. */
export async function showRecorded<R extends { close(): void } | undefined>(
  call: CliCall,
  { open, ...about }: Recorded<R>,
  shown: (record: R) => Promise<string>,
): Promise<number> {
  const place = placeIn(call);
  try {
    const record = await open(place);
    try {
      call.out.write(`${await shown(record)}\n`);
      return exitCodes.ok;
    } finally {
      record?.close();
    }
  } catch (error) {
    throw unreadable(place, error, about);
  }
}

function placeIn({ options, env }: CliCall): RecordPlace {
  const { table } = options;
  if (typeof table === 'string') return { table };
  return { folder: env['DLQ_TASKS_DATA'] || environmentDefaults.dataFolder };
}

function unreadable(
  place: RecordPlace,
  error: unknown,
  { what, output }: { what: string; output: string },
): CliError {
  if ('table' in place) {
    // The cause is the failed request to the table; the rest is for people who click.
    const { cause = error } = Object(error);
    return new CliError(
      `Can't read the table ${place.table}: ${inWords(cause)}. Its name is ${output} in the stack's outputs; AWS_REGION must be its region.`,
    );
  }
  return new CliError(
    `Can't read the ${what} in ${place.folder}: ${inWords(error)}. To use another data folder, set DLQ_TASKS_DATA.`,
  );
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
