import { clickedElement, elementNamed } from './clicked-element.ts';
import { type Acknowledgement, type Dispatcher, resultOf } from './delivery.ts';
import { isStranger } from './grid.ts';
import { isRecord, textOf } from './json.ts';
import type { PageAction, PageActionResult, PageOption } from './page-contract.ts';
import {
  clickPayload,
  homeClickPayload,
  homeOpenedPayload,
  searchPayload,
  shortcutPayload,
} from './payloads.ts';
import { personOf, placeOf, visibleMessage } from './place.ts';
import { Refusal } from './refusal.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher; responseUrls: ResponseUrls };

const mostOptions = 100;

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

/** A person opens the app's Home: they see what was published last, and the app is notified. */
export function openHome({ workspace, dispatcher }: Parts, { person }: { person: string }): PageActionResult {
  const opener = personOf(workspace, person);
  if (isStranger(workspace.settings, opener)) {
    throw new Refusal('Only people from the app’s own organization can open its Home.');
  }
  void dispatcher.deliverEvent(homeOpenedPayload(workspace, opener));
  return { ok: true };
}

export async function clickInHome(
  { workspace, dispatcher }: Parts,
  action: Extract<PageAction, { do: 'click-home' }>,
): Promise<PageActionResult> {
  const person = personOf(workspace, action.person);
  const home = workspace.homes.get(person.id);
  const element = home && clickedElement(home, action);
  if (!home || !element) throw new Refusal('This page no longer has that button.');
  return resultOf(await dispatcher.deliver('click', homeClickPayload(workspace, person, { home, element })));
}

/** A person types into a select whose options come from the app. */
export async function search(
  { workspace, dispatcher }: Parts,
  action: Extract<PageAction, { do: 'search' }>,
): Promise<PageActionResult> {
  const place = placeOf(workspace, action);
  const message = visibleMessage(workspace, action);
  const element = elementNamed(message, action);
  if (element?.['type'] !== 'external_select') throw new Refusal('This message no longer has that select.');
  const payload = searchPayload(workspace, place, { message, ...action });
  return { ok: true, options: offeredIn(await dispatcher.deliver('search', payload)).map(optionOf) };
}

/** The options that the app returns; throws a Refusal if Slack would reject them. */
export function offeredIn(answered: Acknowledgement): unknown[] {
  if (!answered.ok) throw new Refusal('Unable to load results.');
  const options: unknown = answered.body?.['options'];
  if (!Array.isArray(options) || options.length > mostOptions) throw new Refusal('Unable to load results.');
  return options;
}

export function optionOf(option: unknown): PageOption {
  const { text, value } = isRecord(option) ? option : {};
  const words = isRecord(text) ? textOf(text['text']) : undefined;
  const isFit = words && words.length <= 75 && typeof value === 'string' && value.length <= 150;
  if (!isFit) throw new Refusal('Unable to load results.');
  return { text: words, value };
}
