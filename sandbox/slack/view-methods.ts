import { nameBlocks, refuseBlocks } from './block-rules.ts';
import { isRecord, type Json, parseJson } from './json.ts';
import { Refusal } from './refusal.ts';
import { type Call, type Method, needed } from './web-api-method.ts';
import { randomId } from './workspace.ts';

export const viewMethods: Record<string, Method> = {
  'views.publish': { token: 'bot', run: publish },
};

const blocksInHome = 100;
const longestView = 250_000;

/** Replaces what a person sees in the app's Home. */
function publish(call: Call): Json {
  const { args, workspace } = call;
  const person = needed(call, 'user_id');
  const view = typeof args['view'] === 'string' ? parseJson(args['view']) : args['view'];
  if (!isRecord(view) || view['type'] !== 'home' || !Array.isArray(view['blocks'])) {
    throw invalid(['[ERROR] a home view with blocks is needed [json-pointer:/view]']);
  }
  if (!workspace.people.has(person)) throw invalid(['[ERROR] no such user [json-pointer:/user_id]']);
  if (JSON.stringify(view).length > longestView) throw new Refusal('view_too_large');
  const blocks: unknown[] = view['blocks'];
  const refusal = refuseBlocks(blocks, { most: blocksInHome, longest: longestView });
  if (refusal) throw invalid(refusal.messages);
  const home = { id: `V${randomId(5).toUpperCase()}`, blocks: nameBlocks(blocks, () => randomId(3)) };
  workspace.homes.set(person, home);
  workspace.changed();
  return { view: { ...home, type: 'home', team_id: workspace.settings.team.id } };
}

function invalid(messages: string[]): Refusal {
  return new Refusal('invalid_arguments', { response_metadata: { messages } });
}
