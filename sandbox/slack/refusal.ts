import type { Json } from './json.ts';

/** Thrown where Slack answers `{ ok: false, error }`. */
export class Refusal extends Error {
  readonly code: string;
  /** Other fields of the answer, for example which scope is needed. */
  readonly detail: Json;

  constructor(code: string, detail: Json = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.detail = detail;
  }
}

export function missingArgument(name: string): Refusal {
  const messages = [`[ERROR] missing required field: ${name}`];
  return new Refusal('invalid_arguments', { response_metadata: { messages } });
}
