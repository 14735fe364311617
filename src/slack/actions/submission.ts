import { longestWritten, type StartForm } from '../../domain/actions/start-form.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { readFormOrigin, type Submitted } from '../buttons.ts';
import { startFormId } from '../commands.ts';
import { askedBy, idIn, kindIn, originOfUser, recordIn, type SlackRequest, textIn } from '../request.ts';
import { toOriginalQueues } from '../views/actions/form.ts';

/** Nothing longer is accepted. */
const longestText = longestWritten + 1;

/**
 * Undefined if it does not say who, where and which queue. Slack names no channel, so what the form carries
 * is checked again like any other input.
 */
export function submissionRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const read = submittedIn(body);
  if (!read) return undefined;
  const { userId, submitted } = read;
  const { c: channelId, t: threadTs } = submitted.origin;
  const user = recordIn(Reflect.get(body, 'user'));
  return {
    what: startFormId,
    ...askedBy({ userId, channelId }, originOfUser(identity, user)),
    ...kindIn({ ...body }, user),
    text: '',
    ...(threadTs !== undefined && { threadTs }),
    submitted,
    orDirectly: true,
  };
}

export function submittedIn(body: object): { userId: string; submitted: Submitted } | undefined {
  const [user, view] = [recordIn(Reflect.get(body, 'user')), recordIn(Reflect.get(body, 'view'))];
  const userId = idIn(user?.['id']);
  const origin = readFormOrigin(view?.['private_metadata']);
  return userId === undefined || !origin ? undefined : { userId, submitted: { origin, form: formIn(view) } };
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
