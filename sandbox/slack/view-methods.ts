import { inHome, nameBlocks, refuseBlocks } from './block-rules.ts';
import { isRecord, type Json, parseJson, textOf } from './json.ts';
import { Refusal } from './refusal.ts';
import { apiView } from './view-payloads.ts';
import { invalidArguments, readModal } from './view-rules.ts';
import { type Call, type Method, needed } from './web-api-method.ts';
import { randomId } from './workspace.ts';

export const viewMethods: Record<string, Method> = {
  'views.open': { token: 'bot', run: open },
  'views.update': { token: 'bot', run: update },
  'views.publish': { token: 'bot', run: publish },
};

/** Only a valid form uses up a trigger. */
function open(call: Call): Json {
  const { args, workspace } = call;
  const trigger = needed(call, 'trigger_id');
  const view = readModal(args['view']);
  if (view.external_id && workspace.modals.byExternalId(view.external_id)) {
    throw new Refusal('duplicate_external_id');
  }
  const person = workspace.triggers.exchange(trigger);
  return { view: apiView(workspace, workspace.modals.open(person, view)) };
}

function update({ args, workspace }: Call): Json {
  const { modals } = workspace;
  const [id, externalId] = [textOf(args['view_id']), textOf(args['external_id'])];
  if (!id && !externalId) throw invalidArguments(['[ERROR] missing required field: view_id']);
  const view = readModal(args['view']);
  const modal = id ? modals.byId(id) : modals.byExternalId(externalId ?? '');
  if (!modal) throw new Refusal('not_found');
  const hash = textOf(args['hash']);
  if (hash && hash !== modal.hash) throw new Refusal('hash_conflict');
  const twin = view.external_id ? modals.byExternalId(view.external_id) : undefined;
  if (twin && twin.id !== modal.id) throw new Refusal('duplicate_external_id');
  return { view: apiView(workspace, modals.replace(modal, view)) };
}

/** Replaces what a person sees in the app's Home. */
function publish(call: Call): Json {
  const { args, workspace } = call;
  const person = needed(call, 'user_id');
  const view = typeof args['view'] === 'string' ? parseJson(args['view']) : args['view'];
  if (!isRecord(view) || view['type'] !== 'home' || !Array.isArray(view['blocks'])) {
    throw invalidArguments(['[ERROR] a home view with blocks is needed [json-pointer:/view]']);
  }
  if (!workspace.people.has(person)) {
    throw invalidArguments(['[ERROR] no such user [json-pointer:/user_id]']);
  }
  if (JSON.stringify(view).length > inHome.longest) throw new Refusal('view_too_large');
  const blocks: unknown[] = view['blocks'];
  const refusal = refuseBlocks(blocks, inHome);
  if (refusal) throw invalidArguments(refusal.messages);
  const home = { id: `V${randomId(5).toUpperCase()}`, blocks: nameBlocks(blocks, () => randomId(3)) };
  workspace.homes.set(person, home);
  workspace.changed();
  return { view: { ...home, type: 'home', team_id: workspace.settings.team.id } };
}
