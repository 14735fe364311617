import { longestWritten, type StartForm } from '../../domain/actions/start-form.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { readFormOrigin, type Submitted } from '../button-values.ts';
import { toOriginalQueues } from '../buttons.ts';
import { startFormId } from '../commands.ts';
import { askedBy, idIn, kindIn, originOfUser, type SlackRequest, textIn } from '../request.ts';
import { valueAt } from '../signed-request.ts';

/**
 * Undefined if it does not say who, where and which queue. Slack names no channel, so what the form carries
 * is checked again like any other input.
 */
export function submissionRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const read = submittedIn(body);
  if (!read) return undefined;
  const { userId, submitted } = read;
  const { c: channelId, t: threadTs } = submitted.origin;
  return {
    what: startFormId,
    ...askedBy({ userId, channelId }, originOfUser(identity, body)),
    kind: kindIn(body),
    text: '',
    threadTs,
    submitted,
    orDirectly: true,
  };
}

export function submittedIn(body: object): { userId: string; submitted: Submitted } | undefined {
  const userId = idIn(body, 'user', 'id');
  const origin = readFormOrigin(valueAt(body, 'view', 'private_metadata'));
  return userId === undefined || !origin ? undefined : { userId, submitted: { origin, form: formIn(body) } };
}

function formIn(body: object): StartForm {
  const given = (name: string, ...path: string[]) =>
    textIn(body, 'view', 'state', 'values', name, name, ...path);
  // Nothing longer is accepted.
  const typed = (name: string) => (given(name, 'value') ?? '').slice(0, longestWritten + 1);
  const chosen = given('destination', 'selected_option', 'value');
  return {
    rate: typed('rate'),
    reason: typed('reason'),
    ...(chosen !== undefined && chosen !== toOriginalQueues && { destinationArn: chosen }),
  };
}
