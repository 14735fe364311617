import type { SlackFault } from '../../sandbox/slack/faults.ts';
import { type CodeClass, classOf } from '../../src/slack/error-codes.ts';
import { knownCodes } from '../support/slack-codes.ts';
import type { Random } from './seeded-random.ts';
import type { Stage } from './stage.ts';

/** A fault that lasts for a while. `lasts` resolves early when all faults are cleared. */
export type Spell = (stage: Stage, random: Random, lasts: () => Promise<unknown>) => Promise<void>;

type When = NonNullable<SlackFault['when']>;
type Refusal = { methods: string[]; when?: When };

const post = 'chat.postMessage';
const both = [post, 'chat.update'];

/**
 * What Slack refuses in each class. Not `message-gone`: that is permanent, and such a card is never updated
 * again.
 */
const refusals: Record<Exclude<CodeClass, 'message-gone'>, Refusal> = {
  content: { methods: both, when: ({ blocks }) => blocks !== undefined && blocks !== '[]' },
  metadata: { methods: [post], when: ({ metadata }) => metadata !== undefined },
  thread: { methods: [post], when: ({ thread_ts }) => thread_ts !== undefined },
  'channel-closed': { methods: both, when: ({ channel }) => String(channel).startsWith('C') },
  operator: { methods: both },
  'in-doubt': { methods: both },
  'rate-limited': { methods: both },
  passing: { methods: both },
};
const refusalClasses = Object.keys(refusals) as (keyof typeof refusals)[];

/** With any code of the class, and for `passing` sometimes with an unknown one. */
function refusalsOf(name: keyof typeof refusals, random: Random): SlackFault[] {
  const codes = knownCodes.filter((code) => classOf(code) === name);
  const error = random.pick(name === 'passing' ? 'a_code_never_seen_before' : (codes[0] ?? ''), ...codes);
  const { methods, when } = refusals[name];
  return methods.map((method) => ({ kind: 'error', error, method, ...(when && { when }) }));
}

export function anyRefusal(random: Random, times: number): SlackFault {
  const [fault, ...others] = refusalsOf(random.pick('passing', ...refusalClasses), random);
  return { ...random.pick(fault ?? { kind: 'reset' }, ...others), times };
}

const atSlack =
  (faultsOf: (random: Random) => SlackFault[]): Spell =>
  async ({ slack }, random, lasts) => {
    const ends = faultsOf(random).map((fault) => slack.faults.add(fault));
    await lasts();
    for (const end of ends) end();
  };

const alike = (fault: SlackFault) => atSlack(() => both.map((method) => ({ ...fault, method })));

const inArchive: Spell = async ({ slack }, random, lasts) => {
  const [{ id: channel } = { id: '' }] = random.shuffle(slack.state().channels);
  const archive = (isArchived: boolean) => slack.perform({ do: 'set-archived', channel, isArchived });
  await archive(true);
  await lasts();
  await archive(false);
};

const diskFull: Spell = async ({ machine }, _, lasts) => {
  await machine.become({ diskFull: true });
  await lasts();
  await machine.become({});
};

const folderAway: Spell = async ({ machine }, _, lasts) => {
  await machine.takeFolderAway();
  await lasts();
  await machine.bringFolderBack();
};

/** A kill at that time would lose everything, which no bot can prevent. */
const folderLost: Spell = ({ machine, server, alone }) =>
  alone(async () => {
    await server.ready();
    await machine.loseFolder();
  });

const minute = 60_000;
/** A watch that has seen nothing of its redrive for so long ends. */
const longestUnseenMs = 24 * 60 * minute;

const clockOff =
  (clockAheadMs: number): Spell =>
  async (stage, _, lasts) => {
    const { machine, server, alone, clockMayOutliveProcess } = stage;
    const isOff = async () => {
      await machine.become({ clockAheadMs });
      await lasts();
      await machine.become({});
    };
    if (!clockMayOutliveProcess)
      return alone(async () => {
        await server.ready();
        await isOff();
      });
    if (clockAheadMs < longestUnseenMs) return isOff();
    // A process that starts with such a clock, and gets no answers from AWS, rightly gives up its watches.
    stage.sparesAws(true);
    await isOff();
    stage.sparesAws(false);
  };

const withoutSocket =
  (fault: SlackFault): Spell =>
  async ({ slack }, _, lasts) => {
    const end = slack.faults.add(fault);
    slack.cutConnections();
    await lasts();
    end();
  };

const oddFrames = [
  'null',
  '[]',
  '',
  'no JSON',
  '{"type":"slash_commands","payload":{}}',
  '{"type":"interactive","envelope_id":"e1","payload":{"type":"block_actions","actions":null}}',
  '{"type":"events_api","envelope_id":"e2","payload":{"event":null}}',
];

/** All faults that may last for seconds, in either transport. */
export const spells: Record<string, Spell> = {
  ...Object.fromEntries(
    refusalClasses.map((name) => [`refusals: ${name}`, atSlack((random) => refusalsOf(name, random))]),
  ),
  page: alike({ kind: 'page' }),
  'no body': alike({ kind: 'page', body: '' }),
  'page after it was done': alike({ kind: 'stored-then-page' }),
  'channel archived': inArchive,
  'disk full': diskFull,
  'folder away': folderAway,
  'folder lost': folderLost,
  'clock 5 min back': clockOff(-5 * minute),
  'clock 1 h back': clockOff(-60 * minute),
  'clock 3 days ahead': clockOff(3 * 24 * 60 * minute),
};

export const socketSpells: Record<string, Spell> = {
  'line cut': async ({ slack }) => slack.cutConnections(),
  'line refreshed': async ({ slack }) => slack.refreshConnections(),
  'HTTP 409': withoutSocket({ kind: 'server-error', status: 409, method: 'socket' }),
  too_many_websockets: withoutSocket({ kind: 'error', error: 'too_many_websockets', method: 'socket' }),
  'reset while connecting': withoutSocket({ kind: 'reset', method: 'socket' }),
  'no address': withoutSocket({ kind: 'server-error', status: 503, method: 'apps.connections.open' }),
  'address refused': withoutSocket({
    kind: 'error',
    error: 'internal_error',
    method: 'apps.connections.open',
  }),
  'odd frames': async ({ slack }) => {
    for (const frame of [...oddFrames, Buffer.from([0, 1, 2])]) slack.sendFrame(frame);
  },
};
