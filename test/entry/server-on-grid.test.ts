import { afterEach, expect, test } from 'vitest';
import { orders, type ServerStage, startServerStage } from '../support/server-stage.ts';
import { running, within } from '../support/servers-of-each-test.ts';

let stage: ServerStage;
afterEach(() => stage[Symbol.asyncDispose]());

const acme = { enterpriseId: 'EACME' };
const named = (id: string) => ({ id, name: id.toLowerCase(), colour: 'teal' });

async function startOnGrid() {
  stage = await startServerStage({
    team: { id: 'T1', ...acme },
    people: [
      { ...named('UANN'), ...acme, teamId: 'T1' },
      { ...named('WCAT'), ...acme, teamId: 'TC' },
      { ...named('UEVE'), teamId: 'T2' },
    ],
  });
  stage.aws.script(orders.arn, [[running]]);
  stage.aws.setDepth(orders.arn, { waiting: 380, inFlight: 0, delayed: 0 });
}

async function whoWatches(...people: string[]) {
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks orders-dlq');
  const cards = () => stage.slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
  await expect.poll(cards, within).toHaveLength(1);
  for (const person of people) {
    const [card = { channel: '', ts: '' }] = cards();
    expect(await stage.slack.as(person).clicks(card, 'watch')).toEqual({ ok: true });
  }
  return () => JSON.stringify(cards()[0]?.blocks).match(/(?<=<@)\w+(?=>)/g);
}

test('a colleague of another workspace may click, and a stranger in the channel may not', async () => {
  await startOnGrid();
  await using server = await stage.open();
  const watchers = await whoWatches('WCAT', 'UEVE');
  await expect.poll(watchers, within).toEqual(['WCAT']);
  await expect.poll(() => stage.slack.privateWords('UEVE').length, within).toBe(1);
  expect(stage.slack.privateWords('WCAT')).toEqual([]);
  expect(server.lines().filter(({ level }) => level === 'warn')).toEqual([]);
});

test('without users:read the server says so at start', async () => {
  await startOnGrid();
  stage.slack.faults.add({ kind: 'missing-scope', scope: 'users:read' });
  await using server = await stage.open();
  expect(server.lines().filter(({ level }) => level === 'warn')).toMatchObject([
    { missing: ['users:read'], enterprise: 'EACME' },
  ]);
});
