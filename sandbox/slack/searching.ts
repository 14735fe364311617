import { elementNamed } from './clicked-element.ts';
import type { Acknowledgement, Dispatcher } from './delivery.ts';
import { isRecord, textOf } from './json.ts';
import type { PageAction, PageActionResult, PageOption } from './page-contract.ts';
import { searchPayload } from './payloads.ts';
import { placeOf, visibleMessage } from './place.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher };

const mostOptions = 100;

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
