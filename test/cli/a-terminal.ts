import type { CliContext } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { paintWith } from '../../src/cli/terminal.ts';
import { createCliPorts } from '../../src/entry/cli-ports.ts';

export type Typed = { code: number; out: string; err: string };

type Given = Partial<Pick<CliContext, 'env' | 'clock' | 'interruption'>> & { isTty?: boolean };

/** Runs `dlq-tasks …` in this process and returns its output. */
export async function typed(words: string[], given: Given = {}): Promise<Typed> {
  const written = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTty: given.isTty ?? false,
    columns: 100,
    paint: paintWith(false),
  });
  const { clock = Date.now } = given;
  const code = await runCli(words, {
    env: {},
    interruption: () => new AbortController().signal,
    ...given,
    clock,
    ports: createCliPorts({ clock }),
    out: output('out'),
    err: output('err'),
  });
  return { code, ...written };
}
