import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/storage/sqlite/open-database.ts';
import { appToken } from '../sandbox/slack/test-workspace.ts';
import { freePort } from '../support/free-port.ts';
import { parsePrometheus, type Sample } from '../support/prometheus-text.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { awsSecretKey, orders, type ServerStage, startServerStage } from '../support/server-stage.ts';

let stage: ServerStage;
let server: ServerProcess | undefined;
beforeEach(async () => {
  stage = await startServerStage({ appToken });
});
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const get = async (port: number, path: string, method = 'GET') => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
};
const json = 'application/json';

describe.each([
  ['over HTTP', {}, 503],
  ['use Socket Mode', { SLACK_APP_TOKEN: appToken }, 404],
])('the port %s', (_mode, variables, toSlack) => {
  test('reports that the bot is alive and ready, and nothing else', async () => {
    const open = await stage.open(variables);
    server = open;
    expect(await get(open.port, '/healthz')).toEqual({ status: 200, type: json, body: '{"status":"ok"}\n' });
    expect(await get(open.port, '/readyz?x=1')).toEqual({
      status: 200,
      type: json,
      body: '{"status":"ready"}\n',
    });
    expect(await get(open.port, '/readyz', 'HEAD')).toEqual({ status: 200, type: json, body: '' });
    expect((await get(open.port, '/metrics', 'POST')).status).toBe(405);
    expect((await get(open.port, '/constructor')).status).toBe(404);
  });

  test('reports alive but not ready while another process still has the data folder', async () => {
    const folder = stage.variables['DLQ_TASKS_DATA'] ?? '';
    const other = await openDatabase(join(folder, 'watches.sqlite'));
    const port = await freePort();
    server = stage.spawn({ PORT: String(port), ...variables });
    await expect.poll(() => get(port, '/healthz').catch(() => undefined), { timeout: 15_000 }).toBeDefined();
    expect(await get(port, '/readyz')).toEqual({
      status: 503,
      type: json,
      body: '{"status":"not ready","because":["the bot is starting"]}\n',
    });
    expect((await get(port, '/slack/events', 'POST')).status).toBe(toSlack);
    other.close();
    await server.ready();
    expect((await get(port, '/readyz')).status).toBe(200);
  });

  test('leaves readiness and metrics to a separate port, if the environment names one', async () => {
    const metricsPort = await freePort();
    const open = await stage.open({
      ...variables,
      DLQ_TASKS_HOST: '127.0.0.1',
      DLQ_TASKS_METRICS_PORT: String(metricsPort),
    });
    server = open;
    const statuses = (port: number) =>
      Promise.all(['/healthz', '/readyz', '/metrics'].map(async (path) => (await get(port, path)).status));
    expect([await statuses(open.port), await statuses(metricsPort)]).toEqual([
      [200, 404, 404],
      [200, 200, 200],
    ]);
  });

  test('serves metrics for Prometheus, without names or secrets', async () => {
    const open = await stage.open(variables);
    server = open;
    stage.aws.script(orders.arn, [[]]);
    await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks orders-dlq');
    await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks nonsense');
    const value = (samples: Sample[], name: string, labels: Record<string, string>) =>
      samples.find((one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels))
        ?.value;
    const samples = async () => parsePrometheus((await get(open.port, '/metrics')).body).samples;
    await expect
      .poll(async () => value(await samples(), 'dlq_tasks_command_seconds_count', {}), { timeout: 10_000 })
      .toBe(2);
    const read = await samples();
    expect([
      value(read, 'dlq_tasks_commands_total', { how: 'command', outcome: 'no task' }),
      value(read, 'dlq_tasks_commands_total', { how: 'command', outcome: 'unknown queue' }),
      value(read, 'dlq_tasks_aws_call_seconds_count', { action: 'ListMessageMoveTasks', outcome: 'ok' }),
      value(read, 'dlq_tasks_slack_call_seconds_count', { method: 'chat.postMessage', outcome: 'answered' }),
      value(read, 'dlq_tasks_slack_call_seconds_count', { method: 'response_url', outcome: 'answered' }),
      value(read, 'dlq_tasks_watches', { phase: 'running' }),
    ]).toEqual([1, 1, 1, 1, 1, 0]);
    const { type, body } = await get(open.port, '/metrics');
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).not.toMatch(/orders|CGENERAL|UANN|nonsense|xox|xapp|111122223333/);
    expect(body).not.toContain(awsSecretKey);
  });
});

test('logs one line for each command: who, where, which queue, how it went, and how long it took', async () => {
  const open = await stage.open();
  server = open;
  stage.aws.script(orders.arn, [[]]);
  await stage.slack.as('UANN').types('CGENERAL', '/dlq-tasks orders-dlq');
  await stage.slack.as('UBOB').types('CGENERAL', '/dlq-tasks nonsense');
  const answered = () => open.lines().filter(({ msg }) => msg === 'answered');
  await expect.poll(() => answered().length, { timeout: 10_000 }).toBe(2);
  const always = { level: 'info', time: expect.any(String), msg: 'answered', ms: expect.any(Number) };
  const asked = { what: 'command', channel: 'CGENERAL' };
  // This queue does not exist, so its depth is unknown.
  const aws = [expect.objectContaining({ action: 'sqs:GetQueueAttributes' })];
  expect(answered().sort((one) => (one['user'] === 'UANN' ? -1 : 1))).toEqual([
    { ...always, ...asked, user: 'UANN', queue: orders.arn, alias: 'orders-dlq', outcome: 'no task', aws },
    { ...always, ...asked, user: 'UBOB', outcome: 'unknown queue' },
  ]);
});
