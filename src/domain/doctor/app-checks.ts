import { phrase } from '../phrase.ts';
import { type Check, isOpen, isRight, isWrong } from './check.ts';
import type { SlackTrouble } from './slack-checks.ts';

/** A part of the app's settings that the bot needs. `where` is the page of it. */
export type AppPart = { what: string; why: string; where: string };

/** What Slack shows of the app's settings, which takes a token of whoever made the app. */
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
        ? [isRight('Slack', subject, phrase`has all events, shortcuts and tabs that are needed`)]
        : finding.missing.map(missingCheck);
    case 'no-token':
      return [
        isOpen(
          'Slack',
          subject,
          phrase`Its events, shortcuts and tabs are shown only to an app configuration token.`,
          [...phrase`For this run set ${'SLACK_APP_CONFIG_TOKEN'} to one from api.slack.com/apps`, ...byHand],
        ),
      ];
    case 'no-app-id':
      return [
        isOpen('Slack', subject, phrase`Slack does not tell which app the bot token is of.`, [
          ...phrase`Set ${'SLACK_APP_ID'}, as it stands under Basic Information of the app's settings`,
          ...byHand,
        ]),
      ];
    case 'not-shown':
      return [
        isOpen('Slack', subject, phrase`Slack does not show its settings (${wordOf(finding.trouble)}).`, [
          ...phrase`Make a new ${'SLACK_APP_CONFIG_TOKEN'}: one lives for 12 hours`,
          ...byHand,
        ]),
      ];
  }
}

function missingCheck({ what, why, where }: AppPart): Check {
  return isWrong(
    'Slack',
    what,
    [...phrase`The app lacks it. It is needed `, why, '.'],
    phrase`Add it under ${where} of the app's settings, or paste what ${'dlq-tasks manifest'} prints under App Manifest.`,
  );
}

function wordOf(trouble: SlackTrouble): string {
  return trouble.kind === 'rate-limited' ? 'asked too often' : trouble.code;
}
