import * as z from 'zod';
import { quoted } from './wording.ts';

function slackIds(pattern: RegExp, what: string, example: string) {
  const error = ({ input }: { input?: unknown }) =>
    `${quoted(String(input))} is not a ${what} ID, such as ${example}; use the ID, not the name`;
  return z.array(z.string().regex(pattern, { error }));
}

export const Channels = slackIds(/^[CG][A-Z0-9]{2,30}$/, 'channel', 'C0123456789');

/** Who may use the bot: the `access` section. An empty list allows all; channels AND (users OR userGroups). */
export const AccessRules = z.object({
  channels: Channels.readonly().default([]),
  users: slackIds(/^[UW][A-Z0-9]{2,30}$/, 'user', 'U0123456789')
    .readonly()
    .default([]),
  userGroups: slackIds(/^S[A-Z0-9]{2,30}$/, 'user group', 'S0123456789')
    .readonly()
    .default([]),
  externalPeople: z.boolean().default(false),
});
export type AccessRules = z.infer<typeof AccessRules>;
