import { fieldsOf } from '../fields.ts';

type Identity = Record<string, unknown>;

const longestName = 100;
/** What IAM Identity Center names its roles: whose session is called after the person needs no role beside it. */
const identityCenterRole = /^AWSReservedSSO_/;
/** Says nothing: AWS itself made the call for whoever is named beside it. */
const itself = 'AWS Internal';

/**
 * Who made a call, in a few words, from the `userIdentity` of CloudTrail's record. Untrusted: escape it. What it may hold:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function starterIn(userIdentity: unknown): string | undefined {
  const identity = fieldsOf(userIdentity);
  const who = nameOf(identity);
  const through = textOf(identity['invokedBy']);
  if (through === undefined || through === itself || through === who) return who;
  return who === undefined ? through : clean(`${who} through ${through}`);
}

function nameOf(identity: Identity): string | undefined {
  const { onBehalfOf } = identity;
  switch (identity['type']) {
    case 'Root':
      return 'the root user';
    case 'AssumedRole':
      return sessionName(identity);
    case 'FederatedUser':
      return lastPart(identity['arn'], '/') ?? lastPart(identity['principalId'], ':');
    case 'IdentityCenterUser':
      return named('Identity Center user', textOf(fieldsOf(onBehalfOf)['userId']));
    case 'AWSAccount':
      return named('account', textOf(identity['accountId']));
    case 'AWSService':
      return textOf(identity['invokedBy']);
    default:
      return textOf(identity['userName']) ?? lastPart(identity['arn'], '/');
  }
}

/** The session bears the name of a person or a machine; a source identity was set for this very purpose. */
function sessionName(identity: Identity): string | undefined {
  const { sessionIssuer, sourceIdentity } = fieldsOf(identity['sessionContext']);
  const session = lastPart(identity['arn'], '/') ?? lastPart(identity['principalId'], ':');
  const who = textOf(sourceIdentity) ?? session;
  const role =
    textOf(fieldsOf(sessionIssuer)['userName']) ?? /:assumed-role\/([^/]+)\//.exec(`${identity['arn']}`)?.[1];
  if (who === undefined || role === undefined) return who ?? named('role', role);
  return identityCenterRole.test(role) ? who : clean(`${who} as ${role}`);
}

function named(what: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : clean(`${what} ${name}`);
}

function lastPart(value: unknown, separator: string): string | undefined {
  const text = textOf(value, Infinity);
  const at = text?.lastIndexOf(separator) ?? -1;
  return at < 0 ? undefined : textOf(text?.slice(at + 1));
}

function textOf(value: unknown, longest = longestName): string | undefined {
  return typeof value === 'string' ? clean(value, longest) : undefined;
}

/** One line, cut without leaving half of a character. */
function clean(text: string, longest = longestName): string | undefined {
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  return (
    line
      .slice(0, longest)
      .replace(/[\uD800-\uDBFF]$/, '')
      .trimEnd() || undefined
  );
}
