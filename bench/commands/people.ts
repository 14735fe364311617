import { Agent } from 'node:http';
import { median, percentile } from '../figures.ts';
import { post, type Signed, signedCommand } from '../shared/signed.ts';

export type Crowd = {
  port: number;
  standInUrl: string;
  typed: (person: number) => string;
  atOnce: number;
  ms: number;
  /** `again`: each types anew once answered. `together`: all type at the same moment, anew once all are answered. */
  manner: 'again' | 'together';
};

/** What people saw of one bot. `answer`: the card, or words in private, was with Slack. */
export type Seen = {
  acksASecond: number;
  ackP99Ms: number;
  answersASecond: number;
  answerP50Ms: number;
  answers: number;
};

type Person = { channel: string; command: Signed };
type Typed = { ackMs: number; answerMs: number };

/** People who type commands and wait for their answers. */
export function createPeople() {
  const waiting = new Map<string, () => void>();

  async function typeOnce(agent: Agent, port: number, { channel, command }: Person): Promise<Typed> {
    const startedAt = performance.now();
    const answer = new Promise<number>((resolve) => {
      waiting.set(channel, () => resolve(performance.now() - startedAt));
    });
    await post(agent, port, command);
    const ackMs = performance.now() - startedAt;
    return { ackMs, answerMs: await answer };
  }

  async function drive({ port, standInUrl, typed, atOnce, ms, manner }: Crowd): Promise<Seen> {
    // None is kept idle for long: a bot closes such a one after 5 s.
    const agent = new Agent({ keepAlive: true, maxSockets: 500, timeout: 4_000 });
    // What each types is signed before the clock starts.
    const people = Array.from({ length: atOnce }, (_, index): Person => {
      const channel = `C${index}`;
      return { channel, command: signedCommand(typed(index), channel, standInUrl) };
    });
    const all = () => Promise.all(people.map((person) => typeOnce(agent, port, person)));
    // The first round opens the connections.
    await all();
    const [seen, rates, startedAt]: [Typed[], number[], number] = [[], [], performance.now()];
    const goesOn = () => performance.now() - startedAt < ms;
    if (manner === 'together') {
      while (goesOn()) {
        const round = await all();
        rates.push((atOnce * 1_000) / Math.max(...round.map(({ ackMs }) => ackMs)));
        seen.push(...round);
      }
    } else {
      const again = async (person: Person) => {
        while (goesOn()) seen.push(await typeOnce(agent, port, person));
      };
      await Promise.all(people.map(again));
    }
    const answersASecond = (seen.length * 1_000) / (performance.now() - startedAt);
    agent.destroy();
    return {
      acksASecond: rates.length > 0 ? median(rates) : answersASecond,
      ackP99Ms: percentile(
        seen.map(({ ackMs }) => ackMs),
        0.99,
      ),
      answersASecond,
      answerP50Ms: median(seen.map(({ answerMs }) => answerMs)),
      answers: seen.length + atOnce,
    };
  }

  return { answered: (channel: string) => waiting.get(channel)?.(), drive };
}
