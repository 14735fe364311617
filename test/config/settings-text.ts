/** A valid file; tests break one of its lines. */
export const goodSettings = `accounts:
  prod:
    id: "111122223333"
    roleArn: arn:aws:iam::111122223333:role/dlq-tasks-status
    externalId: our-secret-handshake
  billing:
    id: "444455556666"
    roleArn: arn:aws:iam::444455556666:role/dlq-tasks-status
queues:
  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq
  invoices:
    arn: arn:aws:sqs:us-east-1:444455556666:billing-events-dlq
    roleArn: arn:aws:iam::444455556666:role/teams/billing/status
    runbook: https://runbooks.example.com/billing
    channels: [C0123, C0456]
`;

/** Fails the test if the text does not contain `line`, so that the file is really broken. */
export function spoiled(line: string, ...instead: string[]): string {
  if (!goodSettings.includes(`${line}\n`)) throw new Error(`no such line: ${line}`);
  return goodSettings.replace(`${line}\n`, instead.map((text) => `${text}\n`).join(''));
}
