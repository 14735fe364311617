import { randomBytes } from 'node:crypto';

/** Letters and digits that are not taken for one another when read out over a phone. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export function newErrorId(): string {
  return `E-${[...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('')}`;
}
