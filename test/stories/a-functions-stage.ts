import { inject } from 'vitest';
import { withSettings } from '../packaging/with-settings.ts';
import { anActionsStage } from './an-actions-stage.ts';
import { type Functions, onTheFunctions } from './on-the-functions.ts';

type Given = Parameters<typeof anActionsStage>[0];

/** The stage of the stories of actions, with what only the functions have: the packaged ones, unless given others. */
export async function aFunctionsStage(given: Given = {}, functions: Functions = thePackaged()) {
  let backing: Awaited<ReturnType<typeof onTheFunctions>> | undefined;
  const stage = await anActionsStage(given, async (asked) => {
    backing = await onTheFunctions(functions, asked);
    return backing;
  });
  if (!backing) throw new Error('There is no stage.');
  const { lambda, deploys } = backing;
  return Object.assign(stage, { lambda, deploys });
}
export type FunctionsStage = Awaited<ReturnType<typeof aFunctionsStage>>;

function thePackaged(): Functions {
  const folders = inject('functions');
  if (!folders) throw new Error('The functions are not packaged; `npm run test:long` does that.');
  return { with: async (settings) => withSettings(folders, settings) };
}
