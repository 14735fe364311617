import { offersRedrives } from '../../src/domain/queue.ts';
import { startTestBot } from '../support/bot.ts';
import type { Backing, BackingGiven } from './backing.ts';

/** The bot in the process of the story itself. */
export async function inOneProcess(given: BackingGiven): Promise<Backing> {
  const { now, redrives, isReachable: _, ...rest } = given;
  const clock = { now };
  const acts = offersRedrives(given.queues);
  const bot = await startTestBot({ ...rest, clock: () => clock.now, ...(acts && { redrives }) });
  const { actions } = bot;
  async function settled() {
    await bot.settled();
    await actions?.tick();
    await bot.watcher.tick();
  }
  const backing: Backing = {
    slack: bot.slack,
    get clock() {
      return clock.now;
    },
    set clock(changed) {
      clock.now = changed;
    },
    actions,
    answered: bot.settled,
    settled,
    async timePasses(seconds) {
      const until = clock.now + seconds * 1000;
      while (clock.now < until) {
        clock.now = Math.min(until, clock.now + 1000);
        await settled();
      }
    },
    // It polls the queues that are followed.
    reportsStart: () => undefined,
    log: () => bot.lines.map((line) => JSON.stringify(line)).join('\n'),
    [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose](),
  };
  return backing;
}
