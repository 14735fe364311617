import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Packaged, Template } from './package-in-a-clone.ts';

const runHandler = fileURLToPath(new URL('run-handler.ts', import.meta.url));

export type LambdaGiven = {
  packaged: Packaged;
  /** What lies in the Parameter Store. */
  parameters: Record<string, string>;
  /** Beside what the template sets. */
  env: Record<string, string>;
};

/** Runs the packaged functions: each invocation in a process of its own, with the template's own variables. */
export async function startLambda({ packaged, parameters, env }: LambdaGiven) {
  const roots = { front: await packaged.unpacked('front'), worker: await packaged.unpacked('worker') };
  const invoked: { payload: unknown; type: string }[] = [];
  const logs: string[] = [];
  const inHand = new Set<Promise<unknown>>();
  const faults = { invokeStatus: 202 };

  async function invoke(name: keyof typeof roots, event: unknown): Promise<unknown> {
    const { Handler, Environment } = functionOf(packaged.template, name);
    const at = Handler.lastIndexOf('.');
    const bundle = join(roots[name], `${Handler.slice(0, at)}.mjs`);
    const child = fork(runHandler, [bundle, Handler.slice(at + 1)], {
      cwd: roots[name],
      env: { ...credentials, ...Environment, ...endpoints(), ...env },
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.on('data', (line) => logs.push(String(line)));
    child.stderr?.on('data', (line) => logs.push(String(line)));
    let answer: unknown;
    child.on('message', (message) => {
      answer = Reflect.get(Object(message), 'answer');
    });
    child.stdin?.end(JSON.stringify(event));
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${name} ended with ${code}: ${logs.join('\n')}`);
    return answer;
  }

  const aws = await listen(async (request, response) => {
    const body = await text(request);
    const target = request.headers['x-amz-target'];
    if (target === 'AmazonSSM.GetParameter') {
      const { Name }: { Name: string } = JSON.parse(body);
      const Value = parameters[Name];
      response.writeHead(Value === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify(
          Value === undefined ? { __type: 'ParameterNotFound' } : { Parameter: { Name, Value } },
        ),
      );
      return;
    }
    const type = String(request.headers['x-amz-invocation-type']);
    const isWorker = request.url === '/2015-03-31/functions/WorkerLambdaFunction/invocations';
    response.writeHead(isWorker ? faults.invokeStatus : 404).end('{}');
    if (!isWorker || faults.invokeStatus !== 202) return;
    const payload: unknown = JSON.parse(body);
    invoked.push({ payload, type });
    const work = invoke('worker', payload).catch((error: unknown) => logs.push(String(error)));
    inHand.add(work);
    void work.finally(() => inHand.delete(work));
  });
  const endpoints = () => ({ AWS_ENDPOINT_URL_LAMBDA: aws.url, AWS_ENDPOINT_URL_SSM: aws.url });

  const door = await listen(async (request, response) => {
    const event = {
      version: '2.0',
      headers: request.headers,
      requestContext: { http: { method: request.method, path: request.url } },
      body: Buffer.from(await text(request)).toString('base64'),
      isBase64Encoded: true,
    };
    const { statusCode, headers, body } = Object(await invoke('front', event));
    response.writeHead(statusCode, headers).end(body);
  });

  return {
    url: door.url,
    invoked,
    logs,
    faults,
    invoke,
    /** Resolves when the worker has done all it was started for. */
    async settled(): Promise<void> {
      while (inHand.size > 0) await Promise.allSettled(inHand);
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(inHand);
      await Promise.all([aws.stop(), door.stop()]);
    },
  };
}

const credentials = {
  PATH: process.env['PATH'],
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

export function functionOf({ Resources }: Template, name: 'front' | 'worker') {
  const { Properties } = Resources[name === 'front' ? 'FrontLambdaFunction' : 'WorkerLambdaFunction'] ?? {};
  const { Variables } = Object(Properties?.['Environment']);
  const Environment = Object.fromEntries(
    Object.entries(Object(Variables)).map(([key, value]) => [key, referred(value)]),
  );
  return { Handler: String(Properties?.['Handler']), Environment };
}

/** A reference as the name of what it refers to. */
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
