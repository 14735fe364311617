import {
  identityCheck,
  type RoleInUse,
  redriveRolesInUse,
  rolesInUse,
} from '../domain/doctor/role-checks.ts';
import {
  botPolicy,
  discoveryPolicy,
  isPrincipal,
  type Policy,
  permissionsPolicy,
  principalOf,
  redrivePermissionsPolicy,
  sourceDepthPolicy,
  trustPolicy,
} from '../domain/policies.ts';
import { type CliCall, type CliCommand, CliError, exitCodes, nearest, UsageError } from './command.ts';
import { settingsOf } from './settings.ts';
import { sentence } from './terminal.ts';

export const policyCommand: CliCommand = {
  name: 'policy',
  usage: '<account>',
  gives: "prints the IAM policies to paste for an account's role",
  details: [
    '<account> is a label in the settings. Without --principal, it asks STS who it is running as, so',
    "run it as the bot, or name the bot's role with --principal.",
  ],
  words: [1, 1],
  options: {
    principal: { type: 'string', value: 'arn', gives: "the bot's own role or user" },
    redrive: { type: 'boolean', gives: 'for the role that starts and cancels redrives (redriveRoleArn)' },
    'all-queues': { type: 'boolean', gives: 'allow all queues of the account, not only the listed ones' },
    json: { type: 'boolean', gives: 'as JSON, for scripts' },
  },
  examples: [
    'policy prod --principal arn:aws:iam::999900001111:role/dlq-tasks-bot',
    'policy prod --all-queues',
    'policy prod --redrive',
  ],
  run: policy,
};

async function policy(call: CliCall): Promise<number> {
  const { queues } = await settingsOf(call);
  const label = call.words[0] ?? '';
  const isRedrive = call.options['redrive'] === true;
  const ofAccount = queues.filter(({ account }) => account.label === label);
  if (ofAccount.length === 0)
    throw unknownAccount(label, [...new Set(queues.map(({ account }) => account.label))]);
  const roles = isRedrive ? redriveRolesInUse(ofAccount) : rolesInUse(ofAccount);
  const [first] = roles;
  if (!first) {
    throw new CliError(
      `The settings don't allow redrives of ${label}'s queues. Add a redrive section and a redriveRoleArn.`,
    );
  }
  const principal = await principalFor(call, first.queues[0].region);
  const policies = {
    account: label,
    principal,
    roles: roles.map((inUse) =>
      (isRedrive ? redrivePoliciesOf : policiesOf)(inUse, principal, call.options['all-queues'] === true),
    ),
    botPermissions: botPolicy(roles.map(({ role }) => role)),
  };
  call.out.write(call.options['json'] ? `${inJson(policies)}\n` : textOf(policies, call));
  return exitCodes.ok;
}

type Policies = {
  account: string;
  principal: string;
  roles: { roleArn: string; trust: Policy; permissions: Policy; sourceDepth?: Policy; discovery?: Policy }[];
  botPermissions: Policy;
};

function policiesOf({ role, queues }: RoleInUse, principal: string, ofAllQueues: boolean) {
  return {
    roleArn: role.arn,
    trust: trustPolicy(role, principal),
    permissions: permissionsPolicy([...queues], ofAllQueues),
    sourceDepth: sourceDepthPolicy(queues[0]),
    discovery: discoveryPolicy(queues[0]),
  };
}

function redrivePoliciesOf({ role, queues }: RoleInUse, principal: string, ofAllQueues: boolean) {
  return {
    roleArn: role.arn,
    trust: trustPolicy(role, principal),
    permissions: redrivePermissionsPolicy([...queues], ofAllQueues),
  };
}

function textOf({ principal, roles, botPermissions }: Policies, { out }: CliCall): string {
  const part = (title: string, policy: Policy) => `${out.paint('bold', title)}\n${inJson(policy)}\n`;
  return [
    ...roles.flatMap(({ roleArn, trust, permissions, sourceDepth, discovery }) => [
      part(`Trust policy for ${roleArn}`, trust),
      part(`Permissions for ${roleArn}`, permissions),
      ...(sourceDepth
        ? [
            part(
              `Optional, for the source queue's depth on cards: more permissions for ${roleArn}`,
              sourceDepth,
            ),
          ]
        : []),
      ...(discovery
        ? [part(`Optional, for dlq-tasks discover: more permissions for ${roleArn}`, discovery)]
        : []),
    ]),
    part(`Permissions to add to ${principal}`, botPermissions),
  ].join('\n');
}

function inJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function unknownAccount(label: string, labels: readonly string[]): UsageError {
  const near = nearest(label, labels);
  const hint = near === undefined ? `Listed with queues: ${labels.join(', ')}.` : `Did you mean ${near}?`;
  return new UsageError(`The settings list no account "${label}" with queues. ${hint}`);
}

async function principalFor(call: CliCall, region: string): Promise<string> {
  const { principal } = call.options;
  if (typeof principal !== 'string') return ownPrincipal(call, region);
  if (isPrincipal(principal)) return principal;
  throw new UsageError(
    `"${principal}" is not the ARN of a role or user, such as arn:aws:iam::999900001111:role/dlq-tasks-bot.`,
  );
}

async function ownPrincipal({ ports, err }: CliCall, region: string): Promise<string> {
  const aws = await ports.awsProbe();
  const { found } = await aws.identity(region).finally(aws.stop);
  if (!found.ok) {
    const why = sentence(identityCheck(found).finding, err.paint);
    throw new CliError(`${why} Name the bot's identity with --principal.`);
  }
  const principal = principalOf(found.value.arn);
  if (principal === undefined) {
    throw new CliError(
      `A policy can't name the temporary identity ${found.value.arn}. Name the bot's role with --principal.`,
    );
  }
  const path = found.value.arn === principal ? '' : ' If that role has a path, add it.';
  err.write(
    `These credentials belong to ${principal}. If that is not the bot, name the bot with --principal.${path}\n\n`,
  );
  return principal;
}
