import { secretHandle } from './redrives.ts';

const shapes = [
  /response\\*\/[0-9a-f]{8,}/,
  /IQoJb3JpZ2lu/,
  /x-amz-security-token/i,
  /Signature=[0-9a-f]{16,}/,
  /v0=[0-9a-f]{32,}/,
];

/** Reads every line that the server logs, at any level, and keeps those that contain a secret. */
export function createLogWatch(secrets: readonly string[]) {
  const known = [...secrets, secretHandle];
  const leaks: string[] = [];
  const warnings: string[] = [];
  let [lines, cancels] = [0, 0];
  return {
    read(line: string): void {
      lines += 1;
      const isLeak =
        known.some((secret) => line.includes(secret)) || shapes.some((shape) => shape.test(line));
      if (isLeak) leaks.push(line);
      if (line.includes('"to":"cancelling"')) cancels += 1;
      if (/"level":"(warn|error|fatal)"/.test(line)) warnings.push(line);
    },
    leaks,
    /** Lines of the level warn and above. */
    warnings,
    lines: () => lines,
    /** How many cancels are recorded; their calls follow. */
    cancelsCommitted: () => cancels,
  };
}
