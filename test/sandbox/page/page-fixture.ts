import type { PageMessage, PageState } from '../../../sandbox/slack/page-contract.ts';

const dayMs = 86_400_000;

/** A ts this many minutes ago, in Slack's format. */
export function tsBefore(minutes: number, now = Date.now()): string {
  return ((now - minutes * 60_000) / 1000).toFixed(6);
}

/** A card like the bot's, with a bar, fields, a context and buttons. */
export const cardBlocks = [
  {
    type: 'section',
    block_id: 'title',
    text: { type: 'mrkdwn', text: '*orders-dlq*\nprod · eu-west-1' },
  },
  {
    type: 'section',
    block_id: 'progress',
    text: {
      type: 'mrkdwn',
      text: ':arrows_counterclockwise: *Running*\n`████████████░░░░░░░░` 62 %\n12,400 of 20,000 moved',
    },
  },
  {
    type: 'section',
    block_id: 'facts',
    fields: [
      { type: 'mrkdwn', text: '*To*\nthe original source queues' },
      { type: 'mrkdwn', text: '*Rate*\n48 messages a second, system optimized' },
      {
        type: 'mrkdwn',
        text: '*Started*\n<!date^1800000000^{date_short_pretty} at {time}|2027-01-15 08:00 UTC>',
      },
      { type: 'mrkdwn', text: '*Left*\nabout 3 min' },
    ],
  },
  {
    type: 'context',
    block_id: 'depth',
    elements: [{ type: 'mrkdwn', text: ':inbox_tray: 7,600 messages in the DLQ · ✓ checked just now' }],
  },
  {
    type: 'actions',
    block_id: 'card-actions',
    elements: [
      {
        type: 'button',
        action_id: 'refresh',
        value: 'orders-dlq',
        text: { type: 'plain_text', text: 'Refresh' },
      },
      {
        type: 'button',
        action_id: 'cancel',
        value: 'orders-dlq',
        style: 'danger',
        text: { type: 'plain_text', text: 'Stop' },
        confirm: {
          title: { type: 'plain_text', text: 'Stop this redrive?' },
          text: { type: 'mrkdwn', text: 'Messages that were moved *stay* moved.' },
          confirm: { type: 'plain_text', text: 'Stop it' },
          deny: { type: 'plain_text', text: 'Keep it' },
          style: 'danger',
        },
      },
      {
        type: 'button',
        action_id: 'console',
        url: 'https://console.aws.example.com/sqs',
        text: { type: 'plain_text', text: 'Open in console' },
      },
      {
        type: 'static_select',
        action_id: 'pick',
        placeholder: { type: 'plain_text', text: 'Another queue' },
        options: [
          { text: { type: 'plain_text', text: 'invoices' }, value: 'invoices' },
          { text: { type: 'plain_text', text: 'refunds-dlq' }, value: 'refunds-dlq' },
        ],
      },
    ],
  },
];

const historyTable = {
  type: 'table',
  block_id: 'history',
  column_settings: [{}, {}, { align: 'right' }, { is_wrapped: true }],
  rows: [
    ['Started', 'Status', 'Moved', 'Reason'].map((text) => ({ type: 'raw_text', text })),
    ...[
      ['15 Jan 08:00', '✅ Completed', '20,000', ''],
      [
        '14 Jan 17:42',
        '❌ Failed',
        '118',
        'AccessDenied: <!channel> the role may not send to the source queue',
      ],
      ['13 Jan 09:15', '⏹️ Canceled', '4,410', ''],
    ].map((row) => row.map((text) => ({ type: 'raw_text', text }))),
  ],
};

const richText = {
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'The redrive of ' },
        { type: 'text', text: 'orders-dlq', style: { code: true } },
        { type: 'text', text: ' ended: ' },
        { type: 'emoji', name: 'white_check_mark' },
        { type: 'text', text: ' 20,000 messages. ', style: { bold: true } },
        { type: 'user', user_id: 'U1' },
      ],
    },
    {
      type: 'rich_text_list',
      style: 'bullet',
      elements: ['mean rate 48 a second', 'no message came back'].map((text) => ({
        type: 'rich_text_section',
        elements: [{ type: 'text', text }],
      })),
    },
    { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'aws sqs list-message-move-tasks' }] },
  ],
};

const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
const plain = (text: string) => ({ type: 'plain_text', text });
const button = (action_id: string, text: string) => ({
  type: 'button',
  action_id,
  value: text,
  text: plain(text),
});
const card = {
  type: 'card',
  title: plain('A card block'),
  body: plain('its body'),
  actions: [button('in-card', 'In the card')],
};
const task = { type: 'task_card', task_id: 't1', title: 'A task card', status: 'in_progress' };

/** One of each of Block Kit's types, with words by which a reader finds it. */
export const everyBlock: Record<string, { block: Record<string, unknown>; seen: string }> = {
  actions: { block: { type: 'actions', elements: [button('a', 'An action')] }, seen: 'An action' },
  alert: { block: { type: 'alert', level: 'warning', text: plain('An alert') }, seen: 'An alert' },
  card: { block: { ...card, block_id: 'card' }, seen: 'A card block' },
  carousel: {
    block: { type: 'carousel', elements: [{ ...card, title: plain('In a carousel') }] },
    seen: 'In a carousel',
  },
  container: {
    block: {
      type: 'container',
      title: plain('A container'),
      child_blocks: [{ type: 'header', text: plain('Its child') }],
    },
    seen: 'Its child',
  },
  context: { block: { type: 'context', elements: [plain('A context')] }, seen: 'A context' },
  context_actions: {
    block: {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'feedback',
          positive_button: { text: plain('Good'), value: 'good' },
          negative_button: { text: plain('Bad'), value: 'bad' },
        },
      ],
    },
    seen: '[aria-label="Positive feedback"]',
  },
  data_table: {
    block: { type: 'data_table', rows: [], caption: 'numbers' },
    seen: 'data_table is not supported by this sandbox',
  },
  divider: { block: { type: 'divider' }, seen: 'hr' },
  file: {
    block: { type: 'file', external_id: 'F1', source: 'remote' },
    seen: 'file is not supported by this sandbox',
  },
  header: { block: { type: 'header', text: plain('A header') }, seen: 'A header' },
  image: { block: { type: 'image', image_url: pixel, alt_text: 'An image' }, seen: '[alt="An image"]' },
  input: {
    block: { type: 'input', label: plain('An input'), element: { type: 'plain_text_input', action_id: 'i' } },
    seen: 'An input',
  },
  markdown: { block: { type: 'markdown', text: '**Some markdown**' }, seen: 'Some markdown' },
  plan: {
    block: { type: 'plan', title: 'A plan', tasks: [{ ...task, title: 'Step one' }] },
    seen: 'Step one',
  },
  rich_text: { block: richText, seen: 'no message came back' },
  section: {
    block: { type: 'section', text: plain('A section'), accessory: button('b', 'Aside') },
    seen: 'A section',
  },
  table: { block: historyTable, seen: 'Canceled' },
  task_card: { block: task, seen: 'A task card' },
  video: {
    block: {
      type: 'video',
      title: plain('A video'),
      alt_text: 'a film',
      video_url: 'about:blank',
      thumbnail_url: pixel,
    },
    seen: 'A video',
  },
};

type Given = Partial<PageMessage> & { ts: string };

export function message({ ts, ...given }: Given): PageMessage {
  return { ts, channel: 'C1', author: 'UBOT', text: 'a message', ...given };
}

export function pageState(given: Partial<PageState> = {}): PageState {
  return {
    revision: 1,
    transport: 'signed HTTP',
    bot: { userId: 'UBOT', name: 'dlq-tasks' },
    commands: [
      {
        command: '/dlq-tasks',
        description: 'Shows how the redrive of a dead-letter queue is doing',
        usageHint: '<queue> [n] | help',
      },
    ],
    shortcuts: [{ callbackId: 'check_dlq_tasks', name: 'Check DLQ tasks' }],
    completions: ['help', 'orders-dlq', 'invoices', 'refunds-dlq'],
    people: [
      { id: 'U1', name: 'Ada', colour: '#2b7a5b', teamId: 'T1' },
      { id: 'U2', name: 'Grace', colour: '#9c4a1a', teamId: 'T1' },
      { id: 'U3', name: 'Visitor', colour: '#5a4fcf', teamId: 'T2' },
    ],
    channels: [
      {
        id: 'C1',
        name: 'orders-oncall',
        topic: 'Alarms of the order service',
        isPrivate: false,
        isArchived: false,
        botIsMember: true,
      },
      { id: 'C2', name: 'billing', topic: 'Money', isPrivate: true, isArchived: false, botIsMember: false },
      { id: 'C3', name: 'old-news', topic: '', isPrivate: false, isArchived: true, botIsMember: true },
    ],
    messages: [],
    faults: [
      { name: 'slow-aws', label: 'AWS takes 10 seconds to answer', isOn: false },
      { name: 'slack-429', label: 'Slack answers 429', isOn: true },
    ],
    ...given,
  };
}

/** A channel with one of everything. */
export function livelyState(now = Date.now()): PageState {
  const yesterday = dayMs / 60_000;
  const parent = tsBefore(30, now);
  return pageState({
    messages: [
      message({
        ts: tsBefore(yesterday, now),
        author: 'U2',
        text: 'Orders are piling up in `orders-dlq` again, see <#C2>.',
      }),
      message({
        ts: tsBefore(yesterday - 1, now),
        author: 'U2',
        text: '<@U1> can you start a redrive?\n> :rotating_light: ALARM: orders-dlq depth > 1000',
      }),
      message({
        ts: tsBefore(40, now),
        author: 'U1',
        text: 'It is running. <https://example.com/runbook|The runbook> says to wait.',
      }),
      message({
        ts: parent,
        text: 'orders-dlq: running, 62 %',
        blocks: cardBlocks,
        editedAt: now,
        replies: { count: 2, latestTs: tsBefore(5, now) },
      }),
      message({ ts: tsBefore(20, now), threadTs: parent, author: 'U2', text: 'Nice, thank you!' }),
      message({
        ts: tsBefore(5, now),
        threadTs: parent,
        isBroadcast: true,
        text: 'The redrive of orders-dlq failed after 118 messages. <@U1>',
      }),
      message({
        ts: tsBefore(4, now),
        text: 'history',
        blocks: [{ type: 'header', text: plain('Redrives of orders-dlq') }, historyTable],
      }),
      message({ ts: tsBefore(3, now), text: 'ended', blocks: [richText, everyBlock['data_table']?.block] }),
      message({
        ts: tsBefore(2, now),
        text: 'There is no queue `order-dlq` here. Did you mean `orders-dlq`?\n_Error ID 3f2a9c_',
        ephemeralFor: 'U1',
      }),
    ],
  });
}
