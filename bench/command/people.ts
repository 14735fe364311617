import { Agent, request } from 'node:http';
import { type SignedCommand, signedCommand } from '../shared/signed-command.ts';
import { type StandIn, startStandIn } from '../shared/stand-in.ts';
import { median } from '../shared/statistics.ts';

/** What people saw of one bot. */
export type Driven = {
  ackMs: number[];
  /** Until the card, or the answer in private, was with Slack. */
  answerMs: number[];
  acksASecond: number;
  answersASecond: number;
};

export type Crowd = {
  /** What each types. */
  text: string | ((person: number) => string);
  atOnce: number;
  ms: number;
  /** `again`: each types anew once answered. `together`: all type at the same moment, anew once all are answered. */
  manner: 'again' | 'together';
};

export type People = {
  standIn: StandIn;
  drive(port: number, crowd: Crowd): Promise<Driven>;
  stop(): Promise<void>;
};

/** People who type commands, and the Slack and AWS around them. */
export async function createPeople(task: object): Promise<People> {
  const waiting = new Map<string, () => void>();
  const answered = (place: string) => waiting.get(place)?.();
  const standIn = await startStandIn({
    tasksOf: () => [task],
    awsOverTls: true,
    onSlackCall: ({ method, channel }) => {
      if (method === 'chat.postMessage') answered(channel);
      return undefined;
    },
    onResponseUrl: answered,
  });
  let agent = new Agent();

  async function typeOnce(port: number, { place, command }: Person) {
    const answer = new Promise<void>((resolve) => waiting.set(place, resolve));
    const startedAt = performance.now();
    const answerMs = answer.then(() => performance.now() - startedAt);
    await post(agent, port, command);
    const acknowledgedAt = performance.now();
    return { ackMs: acknowledgedAt - startedAt, acknowledgedAt, answerMs: await answerMs };
  }

  async function again(port: number, people: Person[], ms: number): Promise<Driven> {
    const startedAt = performance.now();
    const seen: { ackMs: number; answerMs: number }[] = [];
    const goOn = async (person: Person) => {
      while (performance.now() - startedAt < ms) seen.push(await typeOnce(port, person));
    };
    await Promise.all(people.map(goOn));
    const perSecond = (seen.length * 1000) / (performance.now() - startedAt);
    return { ...timesOf(seen), acksASecond: perSecond, answersASecond: perSecond };
  }

  async function together(port: number, people: Person[], ms: number): Promise<Driven> {
    const startedAt = performance.now();
    const seen: { ackMs: number; answerMs: number }[] = [];
    const rates: number[] = [];
    while (performance.now() - startedAt < ms) {
      const roundAt = performance.now();
      const round = await Promise.all(people.map((person) => typeOnce(port, person)));
      const lastAckMs = Math.max(...round.map(({ acknowledgedAt }) => acknowledgedAt - roundAt));
      rates.push((people.length * 1000) / lastAckMs);
      seen.push(...round);
    }
    const answersASecond = (seen.length * 1000) / (performance.now() - startedAt);
    return { ...timesOf(seen), acksASecond: median(rates), answersASecond };
  }

  /** What each types is signed before the clock starts. */
  function crowdOf({ text, atOnce }: Crowd): Person[] {
    return Array.from({ length: atOnce }, (_, index) => {
      const place = `C${index}`;
      const typed = typeof text === 'string' ? text : text(index);
      return { place, command: signedCommand(typed, place, standIn.url) };
    });
  }

  return {
    standIn,
    async drive(port, crowd) {
      // Anew each time, and none is kept idle for long: a bot closes such a one after 5 s. The first round opens the connections.
      agent.destroy();
      agent = new Agent({ keepAlive: true, maxSockets: 500, timeout: 4_000 });
      const people = crowdOf(crowd);
      await Promise.all(people.map((person) => typeOnce(port, person)));
      return (crowd.manner === 'again' ? again : together)(port, people, crowd.ms);
    },
    async stop() {
      agent.destroy();
      await standIn.stop();
    },
  };
}

type Person = { place: string; command: SignedCommand };

function timesOf(seen: { ackMs: number; answerMs: number }[]) {
  return { ackMs: seen.map(({ ackMs }) => ackMs), answerMs: seen.map(({ answerMs }) => answerMs) };
}

/** Resolves once it is acknowledged. */
function post(agent: Agent, port: number, { body, headers }: SignedCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        path: '/slack/events',
        method: 'POST',
        headers,
      },
      (response) => {
        response.resume();
        if (response.statusCode === 200) resolve();
        else reject(new Error(`a command was answered ${response.statusCode}`));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
