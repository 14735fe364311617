import { quoted } from '../domain/wording.ts';

/** One mistake in what the operator wrote. The message follows the path and never holds a secret. */
export type Fault = {
  /** From 1. Absent in the environment, or when the file cannot be read. */
  line?: number;
  column?: number;
  /** `queues.invoices.arn`, `access.channels[0]`, `SLACK_BOT_TOKEN`; empty for the whole file. */
  path: string;
  message: string;
};

/** One line for each fault: `dlq-tasks.yml:12 queues.invoices.arn: is missing`. */
export function describeFaults(where: string, faults: readonly Fault[]): string {
  return faults.map((fault) => `${placeOfFault(where, fault)}: ${fault.message}`).join('\n');
}

export function placeOfFault(where: string, { line, path }: Fault): string {
  const place = line === undefined ? where : `${where}:${line}`;
  return path === '' ? place : `${place} ${path}`;
}

export function pathInWords(path: readonly PropertyKey[]): string {
  return path.reduce<string>((said, step) => {
    if (typeof step === 'number') return `${said}[${step}]`;
    const name = String(step);
    const word = /^[\p{L}\p{N}_-]{1,80}$/u.test(name) ? name : quoted(name);
    return said === '' ? word : `${said}.${word}`;
  }, '');
}
