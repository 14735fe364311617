import { clickedElement } from './clicked-element.ts';
import { type Dispatcher, resultOf } from './delivery.ts';
import type { PageAction, PageActionResult } from './page-contract.ts';
import { clickPayload, shortcutPayload } from './payloads.ts';
import { placeOf, visibleMessage } from './place.ts';
import { Refusal } from './refusal.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher; responseUrls: ResponseUrls };

/** A person clicks a button of a message, or selects from its menu. */
export async function click(
  { workspace, dispatcher, responseUrls }: Parts,
  action: Extract<PageAction, { do: 'click' }>,
): Promise<PageActionResult> {
  const place = placeOf(workspace, action);
  const message = visibleMessage(workspace, action);
  const element = clickedElement(message, action);
  if (!element) throw new Refusal('This message no longer has that button.');
  const { person, channel, ts } = action;
  const responseUrl = responseUrls.issue({ person, channel, ts });
  const payload = clickPayload(workspace, place, { message, element, responseUrl });
  return resultOf(await dispatcher.deliver('click', payload));
}

/** A person selects a shortcut from a message's menu. */
export async function pickShortcut(
  { workspace, dispatcher, responseUrls }: Parts,
  action: Extract<PageAction, { do: 'shortcut' }>,
): Promise<PageActionResult> {
  const place = placeOf(workspace, action);
  const message = visibleMessage(workspace, action);
  if (message.ephemeralFor) throw new Refusal("Shortcuts don't work on messages that only you can see.");
  const { person, channel, ts, callbackId } = action;
  const isKnown = workspace.settings.shortcuts.some((known) => known.callbackId === callbackId);
  if (!isKnown) throw new Refusal('There is no such shortcut.');
  const responseUrl = responseUrls.issue({ person, channel, ts });
  const payload = shortcutPayload(workspace, place, { message, callbackId, responseUrl });
  return resultOf(await dispatcher.deliver('shortcut', payload));
}
