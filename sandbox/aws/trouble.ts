import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AwsCall, AwsFault, AwsFaults, LostAnswer } from './faults.ts';
import { accessDenied, expiredToken, type Refusal, sendRefusal } from './refusal.ts';

type Exchange = { request: IncomingMessage; response: ServerResponse };
type Asker = { userArn: string; resource: string; expire(): void };

/** Applies the current faults to the request; true if that ended it. */
export async function meetTrouble(
  faults: AwsFaults,
  call: AwsCall,
  { request, response, ...asker }: Exchange & Asker,
): Promise<boolean> {
  const { delayMs, trouble } = faults.strike(call);
  if (delayMs > 0) await pause(delayMs, undefined, { ref: false });
  if (!trouble) return false;
  if (trouble.kind === 'expire-credentials') asker.expire();
  if (trouble.kind === 'reset') request.socket.destroy();
  else if (trouble.kind === 'page') sendPage(response);
  else sendRefusal(response, call.service, refusalOf(trouble, call, asker));
  return true;
}

/** Whether a fault replaced SQS's answer, which is late or lost. */
export async function loseAnswer(fault: LostAnswer, { request, response }: Exchange): Promise<boolean> {
  switch (fault.kind) {
    case 'done-then-slow':
      await pause(fault.ms, undefined, { ref: false });
      return false;
    case 'done-then-reset':
      request.socket.destroy();
      return true;
    case 'done-then-error':
      sendRefusal(response, 'SQS', internalError);
      return true;
    case 'done-then-page':
      sendPage(response);
      return true;
  }
}

const internalError: Refusal = {
  status: 500,
  code: 'InternalFailure',
  message: 'We encountered an internal error. Please try again.',
};

function sendPage(response: ServerResponse): void {
  const html = '<!DOCTYPE html><html><body><h1>We’ll be right back</h1></body></html>';
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}

function refusalOf(fault: AwsFault, { service, action }: AwsCall, { userArn, resource }: Asker): Refusal {
  switch (fault.kind) {
    case 'throttle':
      return { status: 400, code: fault.code ?? 'Throttling', message: 'Rate exceeded' };
    case 'deny':
      return accessDenied(userArn, fault.of ?? `${service.toLowerCase()}:${action}`, resource, fault.because);
    case 'expire-credentials':
      return expiredToken;
    case 'error':
      return {
        status: fault.status ?? 500,
        code: fault.code ?? internalError.code,
        message: fault.message ?? internalError.message,
      };
    default:
      return internalError;
  }
}
