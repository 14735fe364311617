import { describeActionStore } from './action-store-contract.ts';
import { memoryActionStore } from './memory-action-store.ts';

describeActionStore('memory', async () => ({ store: memoryActionStore(), close: async () => undefined }));
