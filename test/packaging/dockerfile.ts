import { readFileSync } from 'node:fs';

type Copy = { kind: 'COPY'; from?: string; sources: string[]; target: string };
export type Step =
  | Copy
  | { kind: 'RUN'; command: string }
  | { kind: 'WORKDIR'; path: string }
  | { kind: 'ENV'; variables: Record<string, string> };

export type Stage = {
  base: string;
  name: string;
  steps: Step[];
  /** What a container of it is started with. */
  user: string;
  volumes: string[];
  ports: string[];
  healthCheck: string[];
  entryPoint: string[];
  command: string[];
};

/**
 * The stages of a Dockerfile, with only the syntax that ours uses; anything else, such as a shell around a
 * command, is an error.
 */
export function stagesOf(path: URL): Stage[] {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ');
  const stages: Stage[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, instruction = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (instruction === 'FROM') stages.push(stageFrom(rest));
    else take(instruction, rest, stages.at(-1) ?? refused(line));
  }
  return stages;
}

function stageFrom(rest: string): Stage {
  const [base = '', , name = ''] = rest.split(/\s+/);
  const nothing = { healthCheck: [], entryPoint: [], command: [] };
  return { base, name, steps: [], user: 'root', volumes: [], ports: [], ...nothing };
}

function take(instruction: string, rest: string, stage: Stage): void {
  const words = rest.split(/\s+/);
  const takers: Record<string, () => unknown> = {
    COPY: () => stage.steps.push(copyOf(words)),
    RUN: () => stage.steps.push({ kind: 'RUN', command: rest }),
    WORKDIR: () => stage.steps.push({ kind: 'WORKDIR', path: rest }),
    ENV: () => stage.steps.push({ kind: 'ENV', variables: Object.fromEntries(words.map(pairOf)) }),
    USER: () => Object.assign(stage, { user: rest }),
    VOLUME: () => stage.volumes.push(...words),
    EXPOSE: () => stage.ports.push(...words),
    HEALTHCHECK: () => Object.assign(stage, { healthCheck: execForm(rest.replace(/^.*? CMD /, '')) }),
    ENTRYPOINT: () => Object.assign(stage, { entryPoint: execForm(rest) }),
    CMD: () => Object.assign(stage, { command: execForm(rest) }),
  };
  (takers[instruction] ?? refused(instruction))();
}

function copyOf(words: string[]): Copy {
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  return { kind: 'COPY', ...(from && { from }), sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}

function pairOf(word: string): [string, string] {
  const [name = '', value = ''] = word.split('=');
  return [name, value];
}

function execForm(text: string): string[] {
  return text.startsWith('[') ? JSON.parse(text) : refused(text);
}

function refused(what: string): never {
  throw new Error(`The Dockerfile has something that is not understood here: ${what}`);
}
