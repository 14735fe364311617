import { enterpriseUserOf } from './grid.ts';
import { Refusal } from './refusal.ts';
import { type Method, needed } from './web-api-method.ts';

export const peopleMethods: Record<string, Method> = {
  'auth.test': {
    token: 'bot',
    run({ workspace: { settings, url } }) {
      const { team, bot } = settings;
      return {
        url: `${url()}/`,
        team: team.domain,
        team_id: team.id,
        user: bot.name,
        user_id: bot.userId,
        bot_id: bot.botId,
        ...(team.enterpriseId && { enterprise_id: team.enterpriseId }),
        is_enterprise_install: team.isOrgWide ?? false,
      };
    },
  },
  'bots.info': {
    token: 'bot',
    scope: 'users:read',
    run({ workspace: { settings } }) {
      const { botId, appId, name } = settings.bot;
      return { bot: { id: botId, app_id: appId, name, deleted: false } };
    },
  },
  'users.info': {
    token: 'bot',
    scope: 'users:read',
    run(call) {
      const person = call.workspace.people.get(needed(call, 'user'));
      if (!person) throw new Refusal('user_not_found');
      const { id, name, teamId } = person;
      const names = { id, name, real_name: name, deleted: false, is_bot: false };
      return { user: { ...names, team_id: teamId, ...enterpriseUserOf(person) } };
    },
  },
  'usergroups.list': {
    token: 'bot',
    scope: 'usergroups:read',
    run: ({ workspace: { settings } }) => ({
      usergroups: Object.entries(settings.userGroups).map(([id, users]) => ({
        id,
        team_id: settings.team.id,
        is_usergroup: true,
        handle: id.toLowerCase(),
        user_count: users.length,
      })),
    }),
  },
  'usergroups.users.list': {
    token: 'bot',
    scope: 'usergroups:read',
    run(call) {
      const users = call.workspace.settings.userGroups[needed(call, 'usergroup')];
      if (!users) throw new Refusal('no_such_subteam');
      return { users };
    },
  },
};
