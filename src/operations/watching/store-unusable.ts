import { type StoreTrouble, troubleInWords } from '../../domain/store-trouble.ts';

/**
 * Thrown by the ports that keep something, when it cannot be kept: nothing was changed. It is no bug: whoever asked is told
 * why, and the store itself logs it.
 */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
  readonly trouble: StoreTrouble;

  constructor(trouble: StoreTrouble, cause?: unknown) {
    super(troubleInWords(trouble), { cause });
    this.trouble = trouble;
  }
}
