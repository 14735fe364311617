import { Agent, get } from 'node:http';

// Exits with 0 if this machine's bot can do its work, otherwise with 1 and the reason: HEALTHCHECK of the
// container image.
const { PORT, DLQ_TASKS_METRICS_PORT, DLQ_TASKS_HOST } = process.env;

const request = get(
  {
    host: DLQ_TASKS_HOST || '127.0.0.1',
    port: DLQ_TASKS_METRICS_PORT || PORT || 3000,
    path: '/readyz',
    timeout: 4_000,
    // Never asks through a proxy, as the global agent would with NODE_USE_ENV_PROXY.
    agent: new Agent(),
  },
  (response) => {
    process.exitCode = response.statusCode === 200 ? 0 : 1;
    response.pipe(process.stdout);
  },
);
request.on('timeout', () => request.destroy(new Error('no answer within 4 seconds')));
request.on('error', (error) => {
  process.exitCode = 1;
  process.stdout.write(`${error.message}\n`);
});
