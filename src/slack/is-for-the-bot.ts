import { redriveIds } from './actions/redrive-ids.ts';
import { checkShortcut, commandName } from './commands.ts';
import { isObject, type SlackBody } from './signed-request.ts';

/** Whether a request has the shape of something the bot answers. Its handler parses it again in detail. */
export function isForTheBot(body: SlackBody): boolean {
  switch (body['type']) {
    case undefined:
      return body['command'] === commandName && isText(body['user_id']) && isText(body['channel_id']);
    case 'block_actions':
      return hasPerson(body) && Array.isArray(body['actions']) && body['actions'].every(isAction);
    case 'message_action':
      return hasPerson(body) && body['callback_id'] === checkShortcut.callbackId;
    case 'view_submission':
      return hasPerson(body) && isObject(body['view']) && body['view']['callback_id'] === redriveIds.form;
    case 'event_callback':
      return isObject(body['event']) && isText(body['event']['type']);
    default:
      return false;
  }
}

function isAction(action: unknown): boolean {
  return isObject(action) && isText(action['action_id']);
}

function hasPerson({ user }: SlackBody): boolean {
  return isObject(user) && isText(user['id']);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
