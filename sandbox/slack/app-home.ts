import { clickedElement } from './clicked-element.ts';
import { type Dispatcher, resultOf } from './delivery.ts';
import { isStranger } from './grid.ts';
import type { PageAction, PageActionResult } from './page-contract.ts';
import { homeClickPayload, homeOpenedPayload } from './payloads.ts';
import { personOf } from './place.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

type Parts = { workspace: Workspace; dispatcher: Dispatcher };

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
