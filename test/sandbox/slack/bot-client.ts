import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import { afterEach, beforeEach } from 'vitest';
import type { LocalSlack, LocalSlackOptions } from '../../../sandbox/slack/local-slack.ts';
import { botToken, startTestSlack } from './test-workspace.ts';
import { webClient } from './web-client.ts';

export let slack: LocalSlack;
export let client: WebClient;

/** Before each test of a file: the local Slack, and the bot's client of it. */
export function startBeforeEachTest(): void {
  beforeEach(() => start());
  afterEach(() => slack.stop());
}

export async function start(options: Partial<LocalSlackOptions> = {}): Promise<void> {
  slack = await startTestSlack(options);
  client = webClient(slack.apiUrl, botToken);
}

export const post = (more: Partial<ChatPostMessageArguments> = {}) =>
  client.chat.postMessage({ channel: 'CGENERAL', text: 'hello', ...more } as ChatPostMessageArguments);
