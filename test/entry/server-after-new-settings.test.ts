import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { aQueue } from '../support/builders.ts';
import { orders, redriveRoleArn, type ServerStage, startServerStage } from '../support/server-stage.ts';

const within = { timeout: 15_000, interval: 20 };
const approvers = { users: ['UBOB'] };
const elsewhere = aQueue({ name: 'elsewhere' }).arn;

/** What the settings say about a queue and its redrives; undefined: it is not listed. */
type Entry = { redriveRoleArn?: string; redrive?: object | 'off' } | undefined;
const usual = { redriveRoleArn, redrive: { approvers } };
const changes: Record<string, { before?: Entry; after: Entry; becomes: string }> = {
  'slower-dlq': {
    after: { ...usual, redrive: { approvers, messagesPerSecond: { max: 9 } } },
    becomes: 'The settings no longer allow its rate.',
  },
  'moved-dlq': {
    before: { ...usual, redrive: { approvers, destinations: [elsewhere] } },
    after: usual,
    becomes: 'The settings no longer list its destination.',
  },
  'alone-dlq': { after: { redriveRoleArn }, becomes: 'The settings no longer name approvers.' },
  'gone-dlq': { after: undefined, becomes: 'The settings no longer list the queue.' },
  'roleless-dlq': {
    after: {},
    becomes: 'The settings no longer allow redrives of this queue.',
  },
  'off-dlq': {
    after: { ...usual, redrive: 'off' },
    becomes: 'The settings no longer allow redrives of this queue.',
  },
  'others-dlq': {
    after: { ...usual, redrive: { approvers: { users: ['UCYD'] } } },
    becomes: '*Waiting for approval.* <@UCYD>: please approve or decline.',
  },
};
const names = Object.keys(changes);

let stage: ServerStage;
beforeEach(async () => {
  stage = await startServerStage({}, true);
  await Promise.all(
    [...names, 'left-dlq'].map(async (name) => {
      const { arn } = aQueue({ name });
      await stage.aws.caretaker.addQueue({ arn });
      await stage.aws.caretaker.deadLetter(arn, 3);
    }),
  );
});
afterEach(() => stage[Symbol.asyncDispose]());

async function settingsAre(which: 'before' | 'after'): Promise<void> {
  const entries = names.flatMap((name) => {
    const { before = usual, after } = changes[name] ?? { after: undefined };
    const entry = which === 'before' ? before : after;
    return entry ? [[name, { arn: aQueue({ name }).arn, ...entry }] as const] : [];
  });
  const settings = {
    accounts: { prod: { id: orders.accountId, roleArn: orders.role.arn } },
    queues: {
      ...Object.fromEntries(entries),
      'left-dlq': { arn: aQueue({ name: 'left-dlq' }).arn, ...usual },
    },
    redrive: { requesters: { users: ['UANN'] } },
  };
  await writeFile(stage.config, stringify(settings));
}

const messageAbout = (name: string) =>
  stage.slack
    .messages('CGENERAL')
    .find(({ author, text }) => author === 'UBOT' && text.startsWith(`Redrive of ${name}`));
const told = (person: string) => stage.slack.privateWords(person).map(({ text }) => text);

async function opensForm(name: string): Promise<void> {
  await stage.slack.as('UANN').types('CGENERAL', `/dlq-tasks redrive ${name}`);
  const form = () => JSON.stringify(stage.slack.as('UANN').modal() ?? '');
  await expect.poll(form, within).toContain(`\`${name}\``);
}

async function submits(name: string, more = {}): Promise<void> {
  await stage.slack.as('UANN').submits({ Reason: 'The bug is fixed', ...more });
  await expect.poll(() => messageAbout(name)?.text, within).toContain('Waiting for approval.');
}

test('after a restart with other settings, each request says what happened to it, and nothing starts', async () => {
  await settingsAre('before');
  const first = await stage.open();
  for (const name of names) {
    await opensForm(name);
    await submits(name, name === 'moved-dlq' ? { Destination: elsewhere } : {});
  }
  await opensForm('left-dlq');
  first.signal('SIGTERM');
  await first.exit();

  await settingsAre('after');
  await using _ = await stage.open();
  for (const name of names) {
    await expect.poll(() => messageAbout(name)?.text, within).toContain(changes[name]?.becomes);
  }
  const others = messageAbout('others-dlq');
  if (others) await stage.slack.as('UBOB').clicks(others, 'Approve');
  await expect.poll(() => told('UBOB').at(-1), within).toContain('The settings allow <@UCYD>.');
  // A form that was open meanwhile still works.
  await submits('left-dlq');
  expect(stage.aws.requests.filter(({ action }) => action === 'StartMessageMoveTask')).toEqual([]);
}, 60_000);
