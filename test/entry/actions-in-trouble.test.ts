import { mkdir, open as openFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type ExpectStatic, test } from 'vitest';
import type { ServerProcess } from '../support/server-process.ts';
import { orders, startServerStage } from '../support/server-stage.ts';

const within = { timeout: 20_000, interval: 50 };

/** The server, with a request that waits for Bob. */
async function aRequest(expect: ExpectStatic) {
  const started = new AsyncDisposableStack();
  const stage = started.use(await startServerStage({}, true));
  const { slack, aws } = stage;
  const open = async () => started.use(await stage.open());
  const shown = () => slack.messages('CGENERAL').find(({ author }) => author === 'UBOT');
  const form = () => JSON.stringify(slack.as('UANN').modal() ?? '');

  async function requested() {
    await aws.caretaker.addQueue({ arn: orders.arn });
    await aws.caretaker.deadLetter(orders.arn, 40);
    const server = await open();
    await slack.as('UANN').types('CGENERAL', '/dlq-tasks redrive orders-dlq 5');
    await expect.poll(form, within).toContain('about 40 waiting');
    await slack.as('UANN').submits({ Reason: 'The bug is fixed' });
    await expect.poll(() => shown()?.text, within).toContain('Waiting for approval.');
    return { server, request: shown() ?? { channel: '', ts: '' } };
  }

  const { server, request } = await requested().catch(async (error: unknown) => {
    await started.disposeAsync();
    throw error;
  });
  return {
    aws,
    server,
    open,
    folder: stage.variables['DLQ_TASKS_DATA'] ?? '',
    shown: () => shown()?.text,
    approves: () => slack.as('UBOB').clicks(request, 'Approve'),
    toBob: () => slack.privateWords('UBOB').map(({ text }) => text.split('\n')[0]),
    starts: () => aws.requests.filter(({ action }) => action === 'StartMessageMoveTask'),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

const errors = (server: ServerProcess) =>
  server.lines().flatMap((line) => (line['level'] === 'error' ? [String(line['msg'])] : []));

async function readiness({ port }: { port: number }): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return ((await answer.json()) as { because?: string[] }).because ?? [];
}

/** All pages but the first, which says that it is a database. */
async function damage(file: string): Promise<void> {
  const opened = await openFile(file, 'r+');
  const { size } = await opened.stat();
  await opened.write(Buffer.alloc(size - 4096, 'Z'), 0, size - 4096, 4096);
  await opened.close();
}

// They wait for the bot to try again, most of the time.
describe.concurrent('the data folder', () => {
  test('is deleted while a request waits: no one can decide it until it is back, and then at once', async ({
    expect,
  }) => {
    await using stage = await aRequest(expect);
    await rm(stage.folder, { recursive: true });
    await stage.approves();
    await expect.poll(stage.toBob, within).toEqual(['⚠️ *Nothing was changed:* the data folder is gone.']);
    await mkdir(stage.folder);
    await expect.poll(() => readiness(stage.server), within).toEqual([]);
    await stage.approves();
    await expect.poll(stage.shown, within).toMatch(/Running|Completed/);
    expect(stage.starts()).toHaveLength(1);
  }, 60_000);

  test('is deleted while AWS is asked to start: it is asked once, and the message becomes the card', async ({
    expect,
  }) => {
    await using stage = await aRequest(expect);
    const action = 'StartMessageMoveTask';
    stage.aws.faults.add({ kind: 'done-then-slow', ms: 1_000, action, times: 1 });
    await stage.approves();
    await expect.poll(stage.starts, within).toHaveLength(1);
    await rm(stage.folder, { recursive: true });
    await expect.poll(() => errors(stage.server), within).not.toEqual([]);
    await mkdir(stage.folder);
    await expect.poll(stage.shown, within).toMatch(/Running|Completed/);
    expect(stage.starts()).toHaveLength(1);
    expect(errors(stage.server).filter((line) => !line.startsWith('storage failed: '))).toEqual([]);
  }, 60_000);

  test('has damaged pages in its file of actions: says so to who clicks, and to the operator once', async ({
    expect,
  }) => {
    await using stage = await aRequest(expect);
    stage.server.signal('SIGTERM');
    await stage.server.exit();
    await damage(join(stage.folder, 'actions.sqlite'));
    const server = await stage.open();
    await stage.approves();
    await expect
      .poll(stage.toBob, within)
      .toEqual([expect.stringMatching(/^⚠️ \*Nothing was changed:\* the bot's data file is damaged/)]);
    expect(await readiness(server)).toEqual([
      expect.stringMatching(
        /^the bot's data file is damaged .*\/actions\.sqlite\]: stop the bot and restore a backup;/,
      ),
    ]);
    expect(errors(server)).toEqual([expect.stringMatching(/^storage failed: /)]);
    expect(stage.starts()).toEqual([]);
  }, 60_000);
});
