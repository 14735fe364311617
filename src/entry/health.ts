import type { RequestListener } from 'node:http';

/** `GET /healthz` says that the process is alive; there is nothing else to see. */
export const answerHealth: RequestListener = (request, response) => {
  const isHealthz = request.url?.replace(/\?.*$/, '') === '/healthz';
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const status = isHealthz ? (isRead ? 200 : 405) : 404;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 200 ? '{"status":"ok"}\n' : undefined);
  request.resume();
};
