import { parseArgs } from 'node:util';
import {
  type CliCall,
  type CliCommand,
  type CliContext,
  CliError,
  exitCodes,
  nearest,
  UsageError,
} from './command.ts';
import { discoverCommand } from './discover-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { manifestCommand } from './manifest-command.ts';
import { policyCommand } from './policy-command.ts';
import { actionsCommand, historyCommand } from './record-commands.ts';
import { demoCommand, serveCommand } from './start-commands.ts';
import { statusCommand } from './status-command.ts';
import type { Paint } from './terminal.ts';
import { watchCommand } from './watch-command.ts';

/** Every command. Help is generated from it. */
export const cliCommands: readonly CliCommand[] = [
  statusCommand,
  watchCommand,
  historyCommand,
  actionsCommand,
  doctorCommand,
  discoverCommand,
  manifestCommand,
  policyCommand,
  serveCommand,
  demoCommand,
];

/** Runs what was typed and resolves with the exit code. Errors go to stderr. */
export async function runCli(typed: readonly string[], context: CliContext): Promise<number> {
  const [name, ...rest] = typed;
  try {
    if (name === undefined) throw new UsageError('No command given.');
    if (isHelp(name)) return help(rest[0], context);
    const command = commandNamed(name);
    const isHelpWanted = rest.slice(0, endOfOptions(rest)).some(isHelp);
    return isHelpWanted ? help(name, context) : await command.run(callOf(command, rest, context));
  } catch (error) {
    return complain(error, context, cliCommands.find((command) => command.name === name)?.name);
  }
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h' || word === 'help';
}

function endOfOptions(words: readonly string[]): number {
  const at = words.indexOf('--');
  return at < 0 ? words.length : at;
}

function help(name: string | undefined, { out }: CliContext): number {
  const text = name === undefined ? helpText(cliCommands, out.paint) : helpOf(commandNamed(name), out.paint);
  out.write(text);
  return exitCodes.ok;
}

function commandNamed(name: string): CliCommand {
  const names = cliCommands.map((command) => command.name);
  const command = cliCommands.find((one) => one.name === name);
  if (command) return command;
  const near = nearest(name, names);
  const hint = near === undefined ? `Commands: ${names.join(', ')}.` : `Did you mean ${near}?`;
  throw new UsageError(`There is no command "${name}". ${hint}`);
}

function callOf(command: CliCommand, typed: string[], context: CliContext): CliCall {
  const { values: options, positionals: words } = parsed(command, typed);
  const [fewest, most] = command.words;
  const usage = `dlq-tasks ${command.name} ${command.usage}`.trim();
  if (words.length < fewest) throw new UsageError(`An argument is missing. Usage: ${usage}`);
  if (words.length > most) throw new UsageError(`Unexpected argument: "${words[most]}". Usage: ${usage}`);
  return { ...context, words, options };
}

function parsed({ options }: CliCommand, args: string[]) {
  const types = Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
  try {
    return parseArgs({ args, options: types, allowPositionals: true });
  } catch (error) {
    throw new UsageError(optionFault(error, args, Object.keys(options)));
  }
}

function optionFault(error: unknown, args: readonly string[], known: readonly string[]): string {
  const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
  const wrong = args.find(
    (word) => word.startsWith('--') && !known.includes(word.slice(2).split('=')[0] ?? ''),
  );
  const near = wrong && nearest(wrong.slice(2), known);
  return near ? `There is no option ${wrong}. Did you mean --${near}?` : `${message.replace(/\.?$/, '.')}`;
}

function complain(error: unknown, { err }: CliContext, command: string | undefined): number {
  const isUsage = error instanceof UsageError;
  if (!isUsage && !(error instanceof CliError)) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    err.write(`dlq-tasks failed unexpectedly. ${why}\n`);
    return exitCodes.error;
  }
  const hint = isUsage ? `\nSee: dlq-tasks ${command === undefined ? 'help' : `${command} --help`}` : '';
  err.write(`${error.message}${hint}\n`);
  return isUsage ? exitCodes.usage : exitCodes.error;
}

function helpText(commands: readonly CliCommand[], paint: Paint): string {
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

function helpOf({ name, usage, gives, details = [], options, examples }: CliCommand, paint: Paint): string {
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
