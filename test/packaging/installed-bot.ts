import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { ServerProcess } from '../support/server-process.ts';
import { orders, payments, startServerStage } from '../support/server-stage.ts';
import { running, within } from '../support/servers-of-each-test.ts';

/**
 * Slack and AWS on this machine, where a redrive of orders-dlq is running, and the environment that points
 * the bot to them.
 */
export async function startStageWithRedrive() {
  const stage = await startServerStage();
  await Promise.all([orders, payments].map(({ arn }) => stage.aws.caretaker.addQueue({ arn })));
  stage.aws.script(orders.arn, [[running]]);
  return stage;
}
export type StageWithRedrive = Awaited<ReturnType<typeof startStageWithRedrive>>;

export async function ended(child: ChildProcess) {
  if (!child.stdout || !child.stderr) throw new Error('Nobody hears what it says.');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

/** The doctor finds nothing wrong, and status shows the redrive. */
export async function expectCommandsToWork(start: (words: string[]) => ChildProcess): Promise<void> {
  const doctor = await ended(start(['doctor', '--json']));
  const { checks } = JSON.parse(doctor.out) as { checks: { subject: string; verdict: string }[] };
  expect(checks.filter(({ verdict }) => verdict === 'fault')).toEqual([]);
  expect(checks.map(({ subject }) => subject)).toContain('role for prod');
  expect({ code: doctor.code, err: doctor.err }).toEqual({ code: 0, err: '' });

  const status = await ended(start(['status', 'orders-dlq', '--json']));
  expect({ code: status.code, err: status.err }).toEqual({ code: 3, err: '' });
  expect(JSON.parse(status.out)).toMatchObject({ state: 'running', tasks: [{ moved: 620 }] });

  const manifest = await ended(start(['manifest', '--socket']));
  expect(manifest).toEqual({ code: 0, out: expect.stringContaining('socket_mode_enabled: true'), err: '' });

  expect(await ended(start(['demo']))).toEqual({
    code: 1,
    out: '',
    err: 'The demo is not part of the installed package. Clone the project and type npm run demo there.\n',
  });
}

/** The bot becomes ready, and answers a command with a card and a click on Watch with a watch. */
export async function expectBotToWork(stage: StageWithRedrive, server: ServerProcess): Promise<number> {
  const port = await server.ready();
  stage.slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks watch orders-dlq');
  const card = () => stage.slack.messages('CGENERAL').find(({ author }) => author === 'UBOT');
  await expect.poll(() => card()?.text, within).toMatch(/620 of 1,000[\s\S]*Watched by/);
  return port;
}
