import { environmentDefaults } from '../config/environment.ts';
import { type CliCall, CliError } from './command.ts';
import type { RecordPlace } from './ports.ts';

export const tableOption = {
  type: 'string',
  value: 'name',
  gives: 'the DynamoDB table of a bot on Lambda',
} as const;

export function recordPlace({ options, env }: Pick<CliCall, 'options' | 'env'>): RecordPlace {
  const { table } = options;
  if (typeof table === 'string') return { table };
  return { folder: env['DLQ_TASKS_DATA'] || environmentDefaults.dataFolder };
}

/** `what`: the record's name; `output`: the stack's output with the name of its table. */
export function unreadable(
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
