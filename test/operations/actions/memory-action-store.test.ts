import { describeLocalActionStore } from './action-store-contract.ts';
import { memoryActionStore } from './memory-action-store.ts';

describeLocalActionStore('memory', async () => ({
  store: memoryActionStore(),
  close: async () => undefined,
}));
