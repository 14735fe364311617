import type { ActionResult } from './action.ts';
import { notAllowed } from './lifecycle.ts';

/** Who said no. All but `aws` mean that SQS was not even asked to do it. */
export type Rejection = 'aws' | 'not-reached' | 'aws-in-trouble' | 'own-credentials' | 'settings';

export function rejectionOf({ code, errorKind, awsAction = '' }: ActionResult): Rejection {
  if (code === notAllowed) return 'settings';
  switch (errorKind) {
    case 'credentials-missing':
    case 'credentials-invalid':
    case 'session-expired':
      return 'own-credentials';
    case 'unreachable':
      return 'not-reached';
    case 'throttled':
    case 'aws-failed':
      return awsAction.startsWith('sts:') ? 'aws-in-trouble' : 'aws';
    default:
      return 'aws';
  }
}
