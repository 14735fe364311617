import { App, type BlockAction, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { startLocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { destinationInput, rateInput, reasonInput, words } from '../slack/form-parts.ts';
import { builtPage } from './built-page.ts';

const option = (text: string, value: string, about?: string) => ({
  text: words(text),
  value,
  ...(about && { description: words(about) }),
});

const looking: ModalView = {
  type: 'modal',
  title: words('Redrive'),
  close: words('Close'),
  blocks: [{ type: 'section', text: words('Looking…') }],
};

export const redriveForm: ModalView = {
  type: 'modal',
  callback_id: 'redrive',
  notify_on_close: true,
  title: words('Redrive orders-dlq'),
  submit: words('Request'),
  close: words('Not now'),
  blocks: [
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: '*1,204* messages wait and 3 are in flight. They came from `orders` and `orders-eu`.',
      },
    },
    {
      type: 'context',
      elements: [
        { type: 'mrkdwn', text: '✓ no redrive is active   ✓ the source queues exist   – KMS is not known' },
      ],
    },
    rateInput,
    destinationInput(option('The original queues', 'original'), option('orders-by-hand', 'by-hand')),
    reasonInput,
    {
      type: 'input',
      block_id: 'ticket',
      optional: true,
      label: words('Ticket'),
      element: { type: 'plain_text_input', action_id: 'ticket' },
    },
    {
      type: 'input',
      block_id: 'when',
      label: words('When'),
      element: {
        type: 'radio_buttons',
        action_id: 'when',
        initial_option: option('Once approved', 'approved', 'As soon as somebody approves'),
        options: [
          option('Once approved', 'approved', 'As soon as somebody approves'),
          option('At night', 'night'),
        ],
      },
    },
    {
      type: 'input',
      block_id: 'also',
      optional: true,
      label: words('Also'),
      element: {
        type: 'checkboxes',
        action_id: 'also',
        options: [option('Tell #queues', 'tell'), option('Watch it for me', 'watch')],
      },
    },
    {
      type: 'input',
      block_id: 'runbook',
      optional: true,
      label: words('Runbook'),
      element: {
        type: 'external_select',
        action_id: 'runbook',
        min_query_length: 0,
        placeholder: words('Search a runbook'),
      },
    },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'forget',
          style: 'danger',
          text: words('Forget it…'),
          confirm: {
            style: 'danger',
            title: words('Forget this request?'),
            text: { type: 'mrkdwn', text: 'What you have *typed* is lost.' },
            confirm: words('Forget it'),
            deny: words('Keep it'),
          },
        },
      ],
    },
  ],
};

type Submission = { person: string; values: unknown };

/** A tiny app on the real Bolt, and the local Slack with its page: `/form` opens a form in two steps. */
export async function startFormApp() {
  const signingSecret = 'sandbox-secret';
  const person = (id: string, name: string, colour: string) => ({ id, name, colour, teamId: 'T1' });
  const slack = await startLocalSlack({
    signingSecret,
    botToken: 'xoxb-sandbox',
    team: { id: 'T1' },
    bot: { userId: 'UBOT', botId: 'BBOT', name: 'dlq-tasks' },
    people: [person('UADA', 'Ada', '#1d6f6a'), person('UGRACE', 'Grace', '#8a4fbf')],
    channels: [
      { id: 'C1', name: 'incidents', topic: '', isPrivate: false, isArchived: false, botIsMember: true },
    ],
    commands: [{ command: '/form', description: 'A form', usageHint: '' }],
    pageFiles: await builtPage,
    ackTimeoutMs: 1_000,
  });
  const app = new App({
    token: 'xoxb-sandbox',
    receiver: new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR }),
    clientOptions: { slackApiUrl: slack.apiUrl },
    logLevel: LogLevel.ERROR,
    deferInitialization: true,
  });
  await app.init();
  const submissions: Submission[] = [];
  const closed: string[] = [];
  const forgotten: unknown[] = [];
  app.command('/form', async ({ ack, command, client }) => {
    await ack();
    const { view } = await client.views.open({ trigger_id: command.trigger_id, view: looking });
    await client.views.update({ view_id: view?.id ?? '', view: redriveForm });
  });
  app.view('redrive', async ({ ack, body, view }) => {
    submissions.push({ person: body.user.id, values: view.state.values });
    switch (view.state.values['ticket']?.['ticket']?.value) {
      case 'none':
        return ack({ response_action: 'errors', errors: { ticket: 'There is no ticket of that name.' } });
      case 'broken':
        return ack({ response_action: 'errors', errors: { 'no-such-field': 'Slack does not take this.' } });
      default:
        return ack();
    }
  });
  app.view({ callback_id: 'redrive', type: 'view_closed' }, async ({ ack, body }) => {
    closed.push(body.user.id);
    await ack();
  });
  app.action<BlockAction>('forget', async ({ ack, body }) => {
    const reason = body.view?.state.values['why']?.['why']?.value;
    forgotten.push(reason);
    if (reason !== 'silence') await ack();
  });
  app.options('runbook', async ({ ack, payload }) => {
    const all = [option('Orders runbook', 'orders'), option('Payments runbook', 'payments')];
    await ack({ options: all.filter(({ text }) => text.text.toLowerCase().includes(payload.value)) });
  });
  const address = (await app.start(0)).address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  slack.setRequestUrl(`http://127.0.0.1:${address.port}/slack/events`);
  return {
    slack,
    client: app.client,
    submissions,
    closed,
    forgotten,
    async stop() {
      await app.stop();
      await slack.stop();
    },
  };
}
