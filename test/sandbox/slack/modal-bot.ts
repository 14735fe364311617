import { App, HTTPReceiver, LogLevel, type ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { afterEach, beforeEach } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { destinationInput, rateInput, reasonInput, words } from './form-parts.ts';
import { botToken, signingSecret, startTestSlack } from './test-workspace.ts';
import { webClient } from './web-client.ts';

export const option = (value: string) => ({ text: words(value.toUpperCase()), value });

export const form: ModalView = {
  type: 'modal',
  callback_id: 'redrive',
  private_metadata: '{"queue":"orders-dlq"}',
  title: words('Redrive orders-dlq'),
  submit: words('Start'),
  blocks: [
    rateInput,
    destinationInput(option('a'), option('b')),
    reasonInput,
    {
      type: 'input',
      block_id: 'when',
      optional: true,
      label: words('When'),
      element: { type: 'radio_buttons', action_id: 'when', options: ['now', 'later'].map(option) },
    },
    {
      type: 'input',
      block_id: 'also',
      optional: true,
      label: words('Also'),
      element: { type: 'checkboxes', action_id: 'also', options: ['x', 'y', 'z'].map(option) },
    },
  ],
};

export const changed = (change: object): ModalView => ({ ...form, ...change });

const commands = ['/dlq-tasks', '/nothing'].map((command) => ({ command, description: '', usageHint: '' }));

/** For each test: the local Slack with a stopped clock, and an app on the real Bolt. */
class ModalBot {
  slack!: LocalSlack;
  app!: App;
  now = 0;

  async start() {
    this.now = Date.UTC(2026, 10, 29);
    this.slack = await startTestSlack({ ackTimeoutMs: 300, clock: () => this.now, commands });
    const receiver = new HTTPReceiver({
      signingSecret,
      logLevel: LogLevel.ERROR,
      signatureVerification: false,
    });
    const clientOptions = { slackApiUrl: this.slack.apiUrl, retryConfig: { retries: 0 } };
    const logLevel = LogLevel.ERROR;
    this.app = new App({ token: botToken, receiver, clientOptions, logLevel, deferInitialization: true });
    await this.app.init();
    this.app.command('/nothing', async ({ ack }) => ack());
    const address = (await this.app.start(0)).address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    this.slack.setRequestUrl(`http://127.0.0.1:${address.port}/slack/events`);
  }

  async stop() {
    await this.app.stop();
    await this.slack.stop();
  }

  client = () => webClient(this.slack.apiUrl, botToken);

  /** Slack's trigger id for something that this person has just done. */
  async trigger(person = 'UANN'): Promise<string> {
    await this.slack.as(person).types('CGENERAL', '/nothing');
    return String(this.slack.deliveries.at(-1)?.payload['trigger_id']);
  }

  open = (trigger_id: string, view: ModalView = form) => this.client().views.open({ trigger_id, view });

  /** A command of Ann's whose trigger opens the form. */
  async opened(view = form): Promise<ViewOutput> {
    const { promise, resolve, reject } = Promise.withResolvers<ViewOutput>();
    this.app.command('/dlq-tasks', async ({ ack, command, client }) => {
      await ack();
      const { view: shown } = await client.views.open({ trigger_id: command.trigger_id, view });
      resolve(shown as ViewOutput);
    });
    this.app.error(async (error) => reject(error));
    await this.slack.as('UANN').types('CGENERAL', '/dlq-tasks redrive orders-dlq');
    return promise;
  }
}

export function botOfEachTest(): ModalBot {
  const bot = new ModalBot();
  beforeEach(() => bot.start());
  afterEach(() => bot.stop());
  return bot;
}
