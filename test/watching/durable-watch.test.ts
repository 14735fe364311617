import { aDurableEngine } from './durable-engine.ts';
import { type EngineUnderTest, watchEngineContract } from './watch-engine-contract.ts';

watchEngineContract('the durable watch', async (world, queues) => {
  const { watches, service, facts, kill } = aDurableEngine(world, queues);
  const engine: EngineUnderTest = {
    watches,
    tick: () => service.tick(),
    killAndRestart: async (left = queues) => {
      kill();
      facts.listed = left;
    },
    stop: async () => undefined,
  };
  return engine;
});
