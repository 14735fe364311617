/** The accounts of the demo, by the label people see. */
export const demoAccounts = {
  prod: { id: '111122223333', roleArn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' },
  billing: {
    id: '444455556666',
    roleArn: 'arn:aws:iam::444455556666:role/dlq-tasks-status',
    externalId: 'billing-redrives',
  },
  staging: { id: '777788889999', roleArn: 'arn:aws:iam::777788889999:role/dlq-tasks-status' },
} as const;

/** The roles that start and cancel redrives in the demo, by account label; staging has none. */
export const demoRedriveRoles = {
  prod: { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-redrive' },
  billing: { arn: 'arn:aws:iam::444455556666:role/dlq-tasks-redrive', externalId: 'billing-redrives' },
} as const;

export type DemoQueue = { alias: string; arn: string; runbook?: string; notify?: string };

const prod = (name: string) => `arn:aws:sqs:eu-west-1:${demoAccounts.prod.id}:${name}`;
const billing = (name: string) => `arn:aws:sqs:us-east-1:${demoAccounts.billing.id}:${name}`;

const longName = 'warehouse-inventory-reconciliation-and-stock-level-adjustment-events-eu-west-dlq';

/** The demo's dead-letter queues, as the settings list them. */
export const demoQueues = [
  { alias: 'orders-dlq', arn: prod('orders-dlq'), runbook: 'https://runbooks.example.com/orders' },
  { alias: 'payments-dlq', arn: prod('payments-dlq') },
  { alias: 'emails-dlq', arn: prod('emails-dlq') },
  { alias: 'webhooks-dlq', arn: prod('webhooks-dlq') },
  { alias: 'refunds-dlq', arn: prod('refunds-dlq') },
  { alias: 'shipments-dlq', arn: prod('shipments-dlq') },
  { alias: 'ledger-dlq.fifo', arn: prod('ledger-dlq.fifo') },
  { alias: 'stock', arn: prod(longName) },
  { alias: 'events-eu', arn: prod('events-dlq') },
  { alias: 'events-us', arn: billing('events-dlq') },
  { alias: 'invoices', arn: billing('billing-events-dlq'), runbook: 'https://runbooks.example.com/billing' },
  { alias: 'reports-dlq', arn: prod('reports-dlq'), notify: 'C0QUEUES' },
  { alias: 'exports-dlq', arn: prod('exports-dlq') },
  { alias: 'notifications-dlq', arn: prod('notifications-dlq') },
] as const satisfies DemoQueue[];

export type DemoAlias = (typeof demoQueues)[number]['alias'];

export function demoArn(alias: DemoAlias): string {
  const queue = demoQueues.find((it) => it.alias === alias);
  if (!queue) throw new Error(`The demo has no queue ${alias}.`);
  return queue.arn;
}

const quietOnes = [
  ...['orders', 'payments', 'emails', 'webhooks', 'refunds', 'shipments', 'ledger', 'stock', 'events'],
  ...['invoices', 'reports', 'exports', 'notifications', 'search', 'billing', 'audit'],
];

/** Nothing ever happens to these; they make the list too long to choose from. */
export const quietQueues: readonly DemoQueue[] = quietOnes.map((name) => ({
  alias: `staging-${name}-dlq`,
  arn: `arn:aws:sqs:eu-west-1:${demoAccounts.staging.id}:${name}-staging-dlq`,
}));
