import type { AwsError, Outcome } from '../aws-error.ts';
import { compare, type Survey } from '../discovery.ts';
import {
  codeAndMessage,
  explainAwsError,
  explainDenial,
  explainOwnCredentials,
} from '../explain-aws-error.ts';
import { principalOf } from '../policies.ts';
import type { Queue } from '../queue.ts';
import type { Role } from '../settings.ts';
import { howMany, type Phrase, phrase } from '../wording.ts';
import { about, type Check } from './check.ts';

export type RoleInUse = { role: Role; queues: readonly [Queue, ...Queue[]] };

export function rolesInUse(queues: readonly Queue[]): RoleInUse[] {
  return rolesBy(queues, ({ role }) => role);
}

/** The roles that start and cancel. */
export function redriveRolesInUse(queues: readonly Queue[]): RoleInUse[] {
  return rolesBy(queues, ({ redrive }) => redrive?.role);
}

function rolesBy(queues: readonly Queue[], roleOf: (queue: Queue) => Role | undefined): RoleInUse[] {
  const roles = new Map<string, RoleInUse>();
  for (const queue of queues) {
    const role = roleOf(queue);
    if (!role) continue;
    const key = JSON.stringify([role.arn, role.externalId]);
    const known = roles.get(key);
    roles.set(key, { role, queues: known ? [...known.queues, queue] : [queue] });
  }
  return [...roles.values()];
}

export function identityCheck(identity: Outcome<{ arn: string }>): Check {
  const { ok, fault, explained } = about('AWS', 'identity');
  if (identity.ok) return ok(phrase`the bot is ${identity.value.arn}`);
  const { awsError } = identity;
  const { kind, code } = awsError;
  if (isOfOwnCredentials(awsError)) return explained(explainOwnCredentials(awsError));
  if (kind === 'clock-skewed') {
    return fault(
      phrase`AWS rejected the request's timestamp or signature (${code}).`,
      phrase`Check the clock on the bot's machine.`,
    );
  }
  return fault(
    phrase`Couldn't ask STS who the bot is: ${codeAndMessage(awsError)}.`,
    phrase`Check the network path to STS: proxy, VPC endpoint, AWS_ENDPOINT_URL_STS. Then run this again.`,
  );
}

function isOfOwnCredentials({ kind }: AwsError): boolean {
  return kind === 'credentials-missing' || kind === 'credentials-invalid' || kind === 'session-expired';
}

/** Without credentials no role can be assumed, so there is no point in trying. */
export function hasNoCredentials(identity: Outcome<unknown>): boolean {
  return !identity.ok && isOfOwnCredentials(identity.awsError);
}

export function roleNotTried(inUse: RoleInUse, what: RoleKind = 'role'): Check {
  return aboutRole(inUse, what).unproven(
    phrase`Not checked: the bot has no credentials that AWS accepts.`,
    phrase`Fix the bot's own identity first.`,
  );
}

export function roleCheck(
  inUse: RoleInUse,
  assumed: Outcome<unknown>,
  identity: Outcome<{ arn: string }>,
): Check {
  const { role, queues } = inUse;
  const { ok, fault, explained } = aboutRole(inUse, 'role');
  if (assumed.ok) return ok(phrase`${role.arn} can be assumed`);
  const { awsError } = assumed;
  if (awsError.kind !== 'role-refused') return explained(explainAwsError(awsError, queues[0]));
  // AWS gives the same answer for a missing role, a wrong external id and a trust policy without the bot.
  const { meaning, remedy } = explainDenial(awsError, queues[0], whoIs(identity));
  const policies = phrase` ${`dlq-tasks policy ${queues[0].account.label}`} prints the policies.`;
  return fault(meaning, [...remedy, ...policies]);
}

/** Whether the role that starts and cancels can be assumed with a source identity. Nothing is started. */
export function redriveRoleCheck(inUse: RoleInUse, assumed: Outcome<unknown>): Check {
  const { role, queues } = inUse;
  const { ok, fault, explained } = aboutRole(inUse, 'redrive role');
  if (assumed.ok) return ok(phrase`${role.arn} can be assumed on a person's behalf`);
  const { awsError } = assumed;
  if (awsError.kind !== 'role-refused') return explained(explainAwsError(awsError, queues[0]));
  return fault(
    phrase`STS refuses ${/sts:\w+/.exec(awsError.detail)?.[0] ?? 'sts:AssumeRole'} on ${role.arn}.`,
    phrase`Allow ${'sts:AssumeRole'} and ${'sts:SetSourceIdentity'} on it, both in the bot's own policy and in the role's trust policy. ${`dlq-tasks policy ${queues[0].account.label} --redrive`} prints them.`,
  );
}

type RoleKind = 'role' | 'redrive role';

function aboutRole({ queues }: RoleInUse, what: RoleKind) {
  return about('AWS', `${what} for ${queues[0].account.label}`);
}

function whoIs(identity: Outcome<{ arn: string }>): Phrase {
  const principal = identity.ok ? principalOf(identity.value.arn) : undefined;
  return principal === undefined ? ["the bot's identity"] : phrase`${principal}`;
}

// What cards do without. None of it is a fault.

/** Whether the role of a DLQ could count the messages of its one source queue. */
export type SourceFinding = { queue: Queue; arn: string; counted: Outcome<unknown> };

/** One line for each role. */
export function sourceChecks(findings: readonly SourceFinding[]): Check[] {
  return rolesInUse(findings.map(({ queue }) => queue)).map(({ role, queues }) => {
    const { ok, unproven } = about('AWS', `source queues in ${queues[0].account.label}`);
    const failed = findings.flatMap(({ queue, arn, counted }) =>
      queues.includes(queue) && !counted.ok ? [{ arn, awsError: counted.awsError }] : [],
    );
    const worst = failed.find(({ awsError }) => awsError.kind === 'access-denied') ?? failed[0];
    if (!worst) return ok(phrase`cards can show how many messages are in them`);
    const others = failed.length - 1;
    const which = others === 0 ? phrase`${worst.arn}` : phrase`${worst.arn} and ${others} more`;
    return unproven(...inWords(worst.awsError, { which, role: role.arn, queue: queues[0] }));
  });
}

function inWords(
  awsError: AwsError,
  { which, role, queue }: { which: Phrase; role: string; queue: Queue },
): [Phrase, Phrase] {
  const { kind, reason } = awsError;
  if (kind !== 'access-denied')
    return [
      phrase`Couldn't count the messages in ${which} (${codeAndMessage(awsError)}).`,
      phrase`Run this again. If this keeps happening, check whether the queue still exists.`,
    ];
  const said = reason === undefined ? '' : phrase` Reason given by AWS: ${reason}.`;
  return [
    phrase`Cards won't say how many messages are in ${which}: ${role} isn't allowed to use ${'sqs:GetQueueAttributes'} on it.${said}`,
    phrase`If you want cards to show it, allow it in the role's policy. ${`dlq-tasks policy ${queue.account.label}`} prints what to add.`,
  ];
}

/** What CloudTrail answered, asked as the role and in the region of this queue. */
export type WhoStartedFinding = { queue: Queue; asked: Outcome<unknown> };

/** For one role: one queue with `notify` per region, because CloudTrail is asked region by region. */
export function followedOf(queues: readonly Queue[]): Queue[] {
  const followed = queues.filter(({ notify }) => notify !== undefined);
  return followed.filter(({ region }, i) => followed.findIndex((one) => one.region === region) === i);
}

export function whoStartedChecks(findings: readonly WhoStartedFinding[]): Check[] {
  return findings.map(({ queue, asked }) => {
    const { ok, unproven } = about('AWS', `CloudTrail in ${queue.account.label} (${queue.region})`);
    if (asked.ok) return ok(phrase`can say who started a redrive`);
    const { kind, reason } = asked.awsError;
    return kind === 'access-denied'
      ? unproven(
          phrase`Cards won't say who started a redrive: ${queue.role.arn} isn't allowed to use ${'cloudtrail:LookupEvents'}${reason === undefined ? '' : phrase`. Reason given by AWS: ${reason}`}.`,
          phrase`If you want cards to show it, allow it in the role's policy. It isn't needed on Lambda.`,
        )
      : unproven(
          phrase`Couldn't ask who started a redrive (${codeAndMessage(asked.awsError)}).`,
          phrase`Run this again. If this keeps happening, check the network path to CloudTrail in ${queue.region}.`,
        );
  });
}

/**
 * How many DLQs of an account are not in the settings; empty if the role isn't allowed to list them. They
 * may be left out on purpose. `isOver`: there was no time to check all queues.
 */
export function unlistedChecks(
  { account }: Queue,
  surveys: readonly Survey[],
  { queues, isOver }: { queues: readonly Queue[]; isOver: boolean },
): Check[] {
  const { ok, unproven } = about('AWS', `unlisted DLQs in ${account.label}`);
  const command = phrase`${`dlq-tasks discover ${account.label}`}`;
  if (isOver) {
    const finding = phrase`There are too many queues to check all of them here.`;
    return [unproven(finding, phrase`Run ${command}, which has no time limit.`)];
  }
  // A missing permission is not a fault, and other errors are reported for the listed queues.
  if (surveys.some(({ awsError }) => awsError !== undefined)) return [];
  const { length } = compare(surveys, queues).missing;
  const places = surveys.map(({ place }) => place.region).join(', ');
  if (length === 0) return [ok([`none in ${places}`])];
  const count = howMany(length, 'DLQ');
  return [ok([`${count} in ${places}; `, ...command, ' shows them'])];
}
