import type { App, BlockAction } from '@slack/bolt';
import type { BotIdentity } from '../bot-identity.ts';
import type { Listen } from '../listener.ts';
import { clickRequest } from '../request.ts';
import type { ActionHandlers } from './action-handlers.ts';
import { redriveIds } from './redrive-ids.ts';
import { submissionRequest } from './submission.ts';

/** Which button and which form leads to which handler. */
export function registerActions(
  app: App,
  handlers: ActionHandlers,
  { identity, listen }: { identity: BotIdentity; listen: Listen },
): void {
  const clicks = {
    [redriveIds.openForm]: handlers.onOpenForm,
    [redriveIds.startAgain]: handlers.onStartAgain,
    [redriveIds.approve]: handlers.onApprove,
    [redriveIds.decline]: handlers.onDecline,
    [redriveIds.withdraw]: handlers.onWithdraw,
    [redriveIds.cancel]: handlers.onCancel,
  };
  for (const [id, handler] of Object.entries(clicks)) {
    app.action<BlockAction>({ type: 'block_actions', action_id: id }, ({ body, ack, context }) =>
      listen(clickRequest(body, identity), context, { acknowledge: () => ack(), when: 'at once', handler }),
    );
  }
  app.view(redriveIds.form, async ({ body, ack, context }) => {
    const request = submissionRequest(body, identity);
    // Otherwise it is too late to show errors beside the fields.
    const errors = request && !context['isAcknowledged'] && handlers.faultsOf(request);
    if (errors) return ack({ response_action: 'errors', errors });
    await listen(request, context, { acknowledge: () => ack(), when: 'at once', handler: handlers.onSubmit });
  });
}
