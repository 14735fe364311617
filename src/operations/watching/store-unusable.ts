import { type StoreTrouble, troubleInWords } from '../../domain/store-trouble.ts';

/**
 * Thrown by the storage ports when something can't be stored: nothing was changed. It is not a bug: the person who asked
 * is told why, and the store logs it.
 */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
  readonly trouble: StoreTrouble;

  constructor(trouble: StoreTrouble, cause?: unknown) {
    super(troubleInWords(trouble), { cause });
    this.trouble = trouble;
  }
}
