import type { StartForm } from '../../domain/actions/start-form.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { askedBy, idIn, kindIn, originOfUser, recordIn, type SlackRequest, textIn } from '../request.ts';
import { toOriginalQueues } from '../views/actions/form.ts';
import { readFormOrigin, redriveIds } from './action-buttons.ts';

/** More than the form takes, and as much as is repeated to who typed it. */
const longestText = 3_000;

/**
 * Nothing when it does not say who, where and what about. Slack names no channel: what the form carries is checked again
 * like anything that was typed.
 */
export function submissionRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const submitted: Record<string, unknown> = { ...body };
  const [user, view] = [recordIn(submitted['user']), recordIn(submitted['view'])];
  const userId = idIn(user?.['id']);
  const origin = readFormOrigin(view?.['private_metadata']);
  if (userId === undefined || !origin) return undefined;
  const { c: channelId, t: threadTs } = origin;
  return {
    what: redriveIds.form,
    ...askedBy({ userId, channelId }, originOfUser(identity, user)),
    ...kindIn(submitted, user),
    text: '',
    ...(threadTs !== undefined && { threadTs }),
    submitted: { origin, form: formIn(view) },
    orDirectly: true,
  };
}

function formIn(view: Record<string, unknown> | undefined): StartForm {
  const values = recordIn(recordIn(view?.['state'])?.['values']);
  const element = (name: string) => recordIn(recordIn(values?.[name])?.[name]);
  const typed = (name: string) => (textIn(element(name)?.['value']) ?? '').slice(0, longestText);
  const chosen = textIn(recordIn(element('destination')?.['selected_option'])?.['value']);
  return {
    rate: typed('rate'),
    reason: typed('reason'),
    ...(chosen !== undefined && chosen !== toOriginalQueues && { destinationArn: chosen }),
  };
}
