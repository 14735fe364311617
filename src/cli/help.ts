import type { CliCommand } from './command.ts';
import type { Paint } from './text/paint.ts';

export function helpText(commands: readonly CliCommand[], paint: Paint): string {
  const rows = commands.map(({ name, usage, gives }): Row => [`${name} ${usage}`.trim(), gives]);
  return [
    `${paint('bold', 'dlq-tasks')} shows and watches redrives of SQS dead-letter queues.`,
    '',
    ...table([...rows, ['help [command]', 'this help, or help for one command']]),
    '',
    "Settings: ./dlq-tasks.yml, or the file in DLQ_TASKS_CONFIG. AWS: the AWS SDK's own variables.",
    'Exit codes: 0 success, 1 error, 2 usage error, 3 running, 4 failed, 5 no redrive.',
    '',
    'Examples:',
    ...commands.flatMap(({ examples: [first] }) => (first === undefined ? [] : [`  dlq-tasks ${first}`])),
    '',
  ].join('\n');
}

export function helpOf(
  { name, usage, gives, details = [], options, examples }: CliCommand,
  paint: Paint,
): string {
  const rows = Object.entries(options).map(([option, { value, multiple, gives: what }]): Row => {
    return [`--${option}${value === undefined ? '' : ` <${value}>${multiple ? '…' : ''}`}`, what];
  });
  return [
    `${paint('bold', `dlq-tasks ${name} ${usage}`.trim())}`,
    '',
    `${gives[0]?.toUpperCase()}${gives.slice(1)}.`,
    ...details,
    ...(rows.length > 0 ? ['', ...table(rows)] : []),
    '',
    'Examples:',
    ...examples.map((example) => `  dlq-tasks ${example}`),
    '',
  ].join('\n');
}

type Row = [typed: string, got: string];

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([typed]) => typed.length));
  return rows.map(([typed, got]) => `  ${typed.padEnd(width)}  ${got}`);
}
