import { phrase } from '../wording.ts';
import { type Check, faultCheck, okCheck, unprovenCheck } from './check.ts';
import type { SlackTrouble } from './slack-checks.ts';

/** A part of the app's settings that the bot needs. `where`: its page. */
export type AppPart = { what: string; why: string; where: string };

/** What Slack says about the app's settings. That needs a token of the person who created the app. */
export type AppFinding =
  | { kind: 'seen'; missing: readonly AppPart[] }
  | { kind: 'no-token' }
  | { kind: 'no-app-id' }
  | { kind: 'not-shown'; trouble: SlackTrouble };

const subject = 'app';
const byHand = phrase`, or compare its App Manifest with ${'dlq-tasks manifest'}.`;

export function appChecks(finding: AppFinding): Check[] {
  switch (finding.kind) {
    case 'seen':
      return finding.missing.length === 0
        ? [okCheck('Slack', subject, phrase`has all required events, shortcuts, and tabs`)]
        : finding.missing.map(missingCheck);
    case 'no-token':
      return [
        unprovenCheck(
          'Slack',
          subject,
          phrase`Only an app configuration token can read its events, shortcuts, and tabs.`,
          [
            ...phrase`For this run, set ${'SLACK_APP_CONFIG_TOKEN'} to one from api.slack.com/apps`,
            ...byHand,
          ],
        ),
      ];
    case 'no-app-id':
      return [
        unprovenCheck('Slack', subject, phrase`Slack didn't say which app the bot token belongs to.`, [
          ...phrase`Set ${'SLACK_APP_ID'} to the App ID under Basic Information in the app's settings`,
          ...byHand,
        ]),
      ];
    case 'not-shown':
      return [
        unprovenCheck(
          'Slack',
          subject,
          phrase`Couldn't read its settings from Slack (${wordOf(finding.trouble)}).`,
          [...phrase`Create a new ${'SLACK_APP_CONFIG_TOKEN'}: they expire after 12 hours`, ...byHand],
        ),
      ];
  }
}

function missingCheck({ what, why, where }: AppPart): Check {
  return faultCheck(
    'Slack',
    what,
    [...phrase`The app doesn't have it. It is needed `, why, '.'],
    phrase`Add it under ${where} in the app's settings, or paste the output of ${'dlq-tasks manifest'} under App Manifest.`,
  );
}

function wordOf(trouble: SlackTrouble): string {
  return trouble.kind === 'rate-limited' ? 'rate-limited' : trouble.code;
}
