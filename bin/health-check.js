import { Agent, get } from 'node:http';

// Ends with 0 when the bot of this machine can do its work, else with 1 and why not: HEALTHCHECK of the container image.
const { PORT, DLQ_TASKS_METRICS_PORT, DLQ_TASKS_HOST } = process.env;

const request = get(
  {
    host: DLQ_TASKS_HOST || '127.0.0.1',
    port: DLQ_TASKS_METRICS_PORT || PORT || 3000,
    path: '/readyz',
    timeout: 4_000,
    // The bot is never asked through a proxy, as the global agent would with NODE_USE_ENV_PROXY.
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
