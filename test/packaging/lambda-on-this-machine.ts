import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { createDurableService } from '../engine/durable-service.ts';
import { createLocalHistoryTable } from '../storage/local-history-table.ts';
import { actionKeys, createLocalTable } from '../storage/local-table.ts';
import { passOn, serviceOf } from '../support/one-aws.ts';
import { createInstances, type Deployed } from './lambda-instances.ts';
import { type FunctionName, functionNames, type Packaged, type Template } from './package-in-a-clone.ts';

/**
 * `env`: variables beside the template's. `keepsInstances`: each takes event after event, as Lambda's do. `extension`:
 * of the functions' files.
 */
type HowRun = { extension?: string; env?: Record<string, string>; keepsInstances?: boolean };
/** The functions' template, and the location of each one's files. */
export type Runnable = Pick<Packaged, 'template' | 'unpacked'> & HowRun;
export type LambdaGiven = {
  packaged: Runnable;
  /** The content of the Parameter Store. */
  parameters: Record<string, string>;
  /** The addresses of the services that are not simulated here, by the names that requests are signed for. */
  elsewhere: Record<string, string>;
  /** In addition to what the template sets. */
  env: Record<string, string>;
  /** What time it is for Lambda and for the functions, which then keep their instances. Absent: the machine's time. */
  clock?: () => number;
};
export type Invoked = { functionName: string; payload: unknown; type: string; durableName?: string };

/** Runs the packaged functions with the template's own variables: each invocation in its own process, or in kept ones. */
export async function startLambda(given: LambdaGiven) {
  const { packaged, parameters, elsewhere, env, clock = Date.now } = given;
  let newest: Version;
  /** A run stays with the version that it began with. */
  const versions = new Map<string, Version>();
  const invoked: Invoked[] = [];
  const logs: string[] = [];
  const pending = new Set<Promise<unknown>>();
  const areKept = packaged.keepsInstances === true || given.clock !== undefined;
  const instances = createInstances({ areKept, log: (text) => logs.push(text) });
  /** Resolves once it is that late. */
  const sleeping = new Set<{ until: number; wake: () => void }>();
  /** Events that a worker has failed with, until Lambda tries them again. */
  const toRetry = new Set<{ until: number; wake: () => void }>();
  /**
   * `startsTwice`: the worker, with each request. The front is not run then: on a busy machine its time is
   * short.
   */
  const faults = {
    ...{ invokeStatus: 202, retryAfterMs: 1_000, startsTwice: false },
    /** Asked once a call of a function to AWS has had its effect: whether it is killed before it gets the answer. */
    killsAfter: (_call: { by: string; what: string }): boolean => false,
  };
  const dropped: object[] = [];
  const table = createLocalTable();
  const actionTable = createLocalTable({ keys: actionKeys });
  const history = createLocalHistoryTable();
  const tableOf = (body: string) => {
    if (body.includes('"TableName":"Actions"')) return actionTable;
    return body.includes('"TableName":"History"') ? history : table;
  };
  const durable = createDurableService({ clock, invoke: (event) => invoke('watch', event) });
  /** The runs of actions. */
  const acting = createDurableService({
    clock,
    invoke: (event) => invoke('action', event),
    functionName: 'action',
  });
  const durables = {
    'dlq-tasks-dev-watch:durable': { service: durable, name: 'watch' },
    'dlq-tasks-dev-action:durable': { service: acting, name: 'action' },
  } as const;
  const serviceOfRun = (arn: string) => (arn.includes(':function:action:') ? acting : durable);

  function invoke(name: FunctionName, event: unknown): Promise<unknown> {
    const version = versions.get(Object(event).DurableExecutionArn) ?? newest;
    return instances.invoke(version[name], given.clock ? { event, now: clock() } : { event });
  }

  /** Lambda tries again a minute after a failure. */
  async function work(event: unknown, retries: number): Promise<void> {
    try {
      await invoke('worker', event);
    } catch (error) {
      logs.push(String(error));
      if (retries === 0) return;
      const again = { until: clock() + 60_000, wake: () => retry() };
      const retry = () => {
        toRetry.delete(again);
        soon(work(event, retries - 1));
      };
      toRetry.add(again);
    }
  }

  function soon(work: Promise<unknown>): void {
    const caught = work.catch((error: unknown) => logs.push(String(error)));
    pending.add(caught);
    void caught.finally(() => pending.delete(caught));
  }

  function started(
    functionName: string,
    given: Omit<Invoked, 'functionName' | 'payload'>,
    body: string,
  ): number {
    if (faults.invokeStatus !== 202) return faults.invokeStatus;
    if (functionName === 'WorkerLambdaFunction') soon(work(JSON.parse(body), retriesOfWorker(packaged)));
    else {
      const run = functionName in durables && durables[functionName as keyof typeof durables];
      if (given.durableName === undefined || !run) return 404;
      if (run.service.start(given.durableName, body) === 'refused') return 409;
      const { arn } = run.service.executions.get(given.durableName) ?? {};
      if (arn !== undefined && !versions.has(arn)) versions.set(arn, newest);
    }
    invoked.push({ functionName, payload: JSON.parse(body), ...given });
    return 202;
  }

  const asked = new Set<string>();
  const aws = await listen(async (request, response) => {
    const service = serviceOf(request);
    asked.add(`${askerOf(request)} ${service}`);
    const place = elsewhere[service];
    if (place !== undefined) return passOn(request, response, place);
    const { url: path = '', headers } = request;
    const answer = answerOf({ url: new URL(path, 'http://aws'), headers, body: await text(request) });
    const by = askerOf(request);
    if (faults.killsAfter({ by, what: String(headers['x-amz-target'] ?? path) })) {
      instances.kill((name) => name === by);
      return void response.destroy();
    }
    if (answer === 'broken line') response.destroy();
    else response.writeHead(answer.status, headersOf(answer)).end(JSON.stringify(answer.body));
  });

  type Asked = { url: URL; headers: NodeJS.Dict<string | string[]>; body: string };
  function answerOf({ url, headers, body }: Asked): { status: number; body: object } | 'broken line' {
    const target = String(headers['x-amz-target'] ?? '');
    if (target.startsWith('DynamoDB_')) return tableOf(body).call(target, body);
    if (target === 'AmazonSSM.GetParameter') return parameter(JSON.parse(body).Name);
    const [, , place, id = '', what] = url.pathname.split('/').map(decodeURIComponent);
    if (place === 'functions') {
      const qualifier = url.searchParams.get('Qualifier');
      const durableName = headers['x-amz-durable-execution-name'];
      const given = {
        type: String(headers['x-amz-invocation-type']),
        ...(typeof durableName === 'string' && { durableName }),
      };
      return { status: started(qualifier === null ? id : `${id}:${qualifier}`, given, body), body: {} };
    }
    if (what === 'checkpoint') {
      const { CheckpointToken, Updates } = JSON.parse(body);
      return {
        status: 200,
        body: onTheWire(serviceOfRun(id).checkpoint(id, CheckpointToken, Updates ?? [])),
      };
    }
    return {
      status: 200,
      body: onTheWire(serviceOfRun(id).page(id, Number(url.searchParams.get('Marker') ?? 0))),
    };
  }

  function parameter(name: string) {
    const Value = parameters[name];
    return Value === undefined
      ? { status: 400, body: { __type: 'ParameterNotFound' } }
      : { status: 200, body: { Parameter: { Name: name, Value } } };
  }

  /** The one variable that gives the address of all of AWS. */
  const endpoint = { AWS_ENDPOINT_URL: aws.url };
  newest = await versionOf(packaged, { ...endpoint, ...env });

  /**
   * As EventBridge does: asynchronously, and Lambda retries failures twice. In reality after one minute and
   * after two.
   */
  async function notify(event: object): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return void (await invoke('follow', event));
      } catch (error) {
        logs.push(String(error));
        if (tries === 3) dropped.push(event);
        if (tries === 3) return;
        await sleep(faults.retryAfterMs);
      }
    }
  }

  async function sleep(ms: number): Promise<void> {
    const { promise, resolve: wake } = Promise.withResolvers<void>();
    const sleeper = { until: clock() + ms, wake };
    sleeping.add(sleeper);
    await promise;
    sleeping.delete(sleeper);
  }

  const watching = new Set<Promise<unknown>>();
  function tick(): Promise<unknown> {
    for (const { until, wake } of [...sleeping, ...toRetry]) if (until <= clock()) wake();
    const work = Promise.all([durable.tick(), acting.tick()]);
    watching.add(work);
    return work.finally(() => watching.delete(work));
  }
  const ticker = setInterval(() => void tick(), 50);
  const nextDue = () =>
    Math.min(
      ...[durable.nextDue(), acting.nextDue()],
      ...[...sleeping, ...toRetry].map(({ until }) => until),
    );

  const door = await listen(async (request, response) => {
    const body = await text(request);
    if (faults.startsTwice) {
      for (const event of [1, 2].map(() => ({ body, headers: request.headers })))
        soon(invoke('worker', event));
      response.end();
      return;
    }
    const event = {
      version: '2.0',
      headers: request.headers,
      requestContext: { http: { method: request.method, path: request.url } },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    const answer = Object(await invoke('front', event));
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  });

  return {
    url: door.url,
    /** Which function called which service of AWS; `session`: as the role of a queue. */
    asked,
    invoked,
    logs,
    faults,
    parameters,
    table,
    actionTable,
    history,
    durable,
    acting,
    invoke,
    /** Replaces these packages with others, or sets other variables. */
    async deploy(other: Runnable, variables: Record<string, string> = {}): Promise<void> {
      newest = await versionOf(other, { ...endpoint, ...env, ...variables });
    },
    /** An event that a rule of EventBridge passes on to `follow`. */
    eventBridge: (event: object) => soon(notify(event)),
    /** Events that `follow` could not handle. */
    dropped,
    /** Kills every running instance of a function at once, like a broken machine. */
    kill: (name: FunctionName) => instances.kill((one) => one === name),
    /** Resolves when the workers have done everything they were started for. */
    async settled(): Promise<void> {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
    /** Resolves when nothing is at work or due. */
    async quiet(): Promise<void> {
      const isBusy = () => pending.size > sleeping.size || durable.isBusy() || acting.isBusy();
      while (isBusy() || nextDue() <= clock()) await Promise.race([tick().then(() => pause(1)), pause(20)]);
    },
    /** When something becomes due. */
    nextDue,
    async [Symbol.asyncDispose]() {
      clearInterval(ticker);
      instances.kill((name) => name !== 'front' && name !== 'worker');
      await Promise.allSettled([...pending, ...watching]);
      instances.stop();
      await Promise.all([aws.stop(), door.stop()]);
    },
  };
}

type Version = Record<FunctionName, Deployed>;

async function versionOf(packaged: Runnable, env: Record<string, string>): Promise<Version> {
  const deployed = async (name: FunctionName): Promise<Deployed> => {
    const { Handler, Environment } = functionOf(packaged.template, name);
    const at = Handler.lastIndexOf('.');
    const folder = await packaged.unpacked(name);
    return {
      name,
      folder,
      file: join(folder, `${Handler.slice(0, at)}.${packaged.extension ?? 'mjs'}`),
      handler: Handler.slice(at + 1),
      env: { ...credentialsOf(name), ...Environment, ...packaged.env, ...env },
    };
  };
  const [front, worker, watch, follow, action] = await Promise.all(
    [...functionNames, 'action' as const].map(deployed),
  );
  if (!front || !worker || !watch || !follow || !action) throw new Error('A function is missing.');
  return { front, worker, watch, follow, action };
}

function headersOf({ status }: { status: number }): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(status === 409 && { 'x-amzn-errortype': 'DurableExecutionAlreadyStartedException' }),
  };
}

/** Lambda's API writes times as seconds. */
function onTheWire(answer: object): object {
  return JSON.parse(JSON.stringify(answer), (key, value) =>
    key.endsWith('Timestamp') && typeof value === 'string' ? Date.parse(value) / 1000 : value,
  );
}

const credentialsOf = (name: FunctionName) => ({
  PATH: process.env['PATH'],
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: `AKIA${name.toUpperCase()}`,
  AWS_SECRET_ACCESS_KEY: 'secret',
});

function askerOf({ headers }: IncomingMessage): string {
  const [, name] = /Credential=AKIA([A-Z]+)\//.exec(headers.authorization ?? '') ?? [];
  return name?.toLowerCase() ?? 'session';
}

const logicalNames = {
  front: 'FrontLambdaFunction',
  worker: 'WorkerLambdaFunction',
  watch: 'WatchLambdaFunction',
  follow: 'FollowLambdaFunction',
  action: 'ActionLambdaFunction',
};

function retriesOfWorker({ template: { Resources } }: Pick<Runnable, 'template'>): number {
  return Number(Resources['WorkerLambdaEvConf']?.Properties?.['MaximumRetryAttempts']);
}

export function functionOf({ Resources }: Template, name: FunctionName) {
  const { Properties } = Resources[logicalNames[name]] ?? {};
  const { Variables } = Object(Properties?.['Environment']);
  const Environment = Object.fromEntries(
    Object.entries(Object(Variables)).map(([key, value]) => [key, referred(value)]),
  );
  return { Handler: String(Properties?.['Handler']), Environment };
}

/** Resolves a reference to the name of its target. */
function referred(value: unknown): string {
  return typeof value === 'string' ? value : String(Object(value)['Ref']);
}

async function listen(answer: (...given: Parameters<RequestListener>) => Promise<void>) {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close').catch(() => undefined);
    },
  };
}
