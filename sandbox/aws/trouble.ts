import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AwsCall, AwsFault, AwsFaults } from './faults.ts';
import { accessDenied, expiredToken, type Refusal, sendRefusal } from './refusal.ts';

type Exchange = { request: IncomingMessage; response: ServerResponse };
type Asker = { userArn: string; resource: string; expire(): void };

/** Makes the request meet what goes wrong just now; true when that was its end. */
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
  else sendRefusal(response, call.service, refusalOf(trouble, call, asker));
  return true;
}

function refusalOf(fault: AwsFault, { service, action }: AwsCall, { userArn, resource }: Asker): Refusal {
  switch (fault.kind) {
    case 'throttle':
      return { status: 400, code: fault.code ?? 'Throttling', message: 'Rate exceeded' };
    case 'deny':
      return accessDenied(userArn, `${service.toLowerCase()}:${action}`, resource);
    case 'expire-credentials':
      return expiredToken;
    case 'error':
      return {
        status: fault.status ?? 500,
        code: fault.code ?? 'InternalFailure',
        message: 'We encountered an internal error. Please try again.',
      };
    case 'slow':
    case 'reset':
      return { status: 500, code: 'InternalFailure', message: '' };
  }
}
