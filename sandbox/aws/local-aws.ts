import { type Caretaker, createCaretaker } from './caretaker.ts';
import { createEmulators } from './emulators.ts';
import { type AwsFaults, createAwsFaults } from './faults.ts';
import { createLateCounts } from './late-counts.ts';
import { createLateStarts } from './late-starts.ts';
import { createLocalCloudTrail, type LocalCloudTrail } from './local-cloudtrail.ts';
import type { LocalQueue } from './local-queue.ts';
import { createLocalSqs } from './local-sqs.ts';
import { createLocalSts, type LocalCaller, type LocalRole, ownKeys } from './local-sts.ts';
import { startLoopbackServer } from './loopback-server.ts';
import { lateCountSwitches, lateStartSwitches, type PageSwitch, pageFaultsOf } from './page-faults.ts';
import type { AwsRequest } from './request-log.ts';
import { createScriptedAnswers, type LocalDepth } from './scripted-answers.ts';
import { createLocalSessions, type LocalSession } from './sessions.ts';
import { createSqsCaller } from './sqs-caller.ts';

export type LocalAwsOptions = {
  roles: readonly LocalRole[];
  queues?: readonly LocalQueue[];
  /** How long a session lives. Absent: as long as requested, or an hour. */
  sessionSeconds?: number;
  /** What the bot's own keys may do. Absent: everything. */
  caller?: LocalCaller;
  /** Absent: free ones. */
  ports?: { sqs?: number; sts?: number };
  /** The bot's own keys, without a role, may use SQS in their account. Absent: they may not. */
  ownKeysMayUseSqs?: true;
  /** How late CloudTrail reports a call. Absent: at once. */
  cloudTrailDelayMs?: number;
  clock?: () => number;
};

/** STS, SQS and CloudTrail on this machine, for any AWS SDK that gets their addresses. */
export type LocalAws = {
  sqsUrl: string;
  stsUrl: string;
  cloudTrailUrl: string;
  /** All requests, oldest first, without the sandbox's own. */
  requests: AwsRequest[];
  faults: AwsFaults;
  /** Switches for the sandbox page. */
  pageFaults: PageSwitch[];
  /**
   * Answers ListMessageMoveTasks for the queue, which need not exist: each answer is the `Results` of one
   * request, any JSON, and the last one stays. Absent: the emulator answers again.
   */
  script(queueArn: string, answers?: readonly unknown[]): void;
  setDepth(queueArn: string, depth?: LocalDepth): void;
  /** A redrive that starts from now on is listed this late; not the sandbox's own. */
  showStartsAfter(ms: number): void;
  /** What SQS says about the number of messages is so late. */
  lagCountsBy(ms: number): void;
  /** Ends every session. */
  expireSessions(): void;
  caretaker: Caretaker;
  /** Records of started tasks; those of the caretaker are recorded automatically. */
  cloudTrail: Pick<LocalCloudTrail, 'record'>;
  stop(): Promise<void>;
};

export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { roles, ports = {}, clock = Date.now } = options;
  const sessions = createLocalSessions(clock);
  const caretakers = new Map<string, LocalSession>();
  const faults = createAwsFaults();
  const requests: AwsRequest[] = [];
  const scripted = createScriptedAnswers();
  const emulators = createEmulators(() => sqs.port);
  const lateStarts = createLateStarts(clock);
  const lateCounts = createLateCounts(clock);
  const isCaretaker = (session: LocalSession) => [...caretakers.values()].includes(session);
  const shared = { roles, sessions, faults, requests, clock };
  const sqs = await startLoopbackServer(
    createLocalSqs({
      ...shared,
      scripted,
      emulators,
      isCaretaker,
      own: options.ownKeysMayUseSqs && ownKeys,
      lateStarts,
      lateCounts,
      onStart: (start) => cloudTrail.record(start),
    }),
    ports.sqs ?? 0,
  );
  const { sessionSeconds, caller = {}, cloudTrailDelayMs: delayMs = 0 } = options;
  const sts = await startLoopbackServer(
    createLocalSts({ ...shared, sessionSeconds, caller }),
    ports.sts ?? 0,
  );
  const cloudTrail = createLocalCloudTrail({ ...shared, delayMs });
  const trail = await startLoopbackServer(cloudTrail.handle, 0);

  const caretakerOf = (accountId: string) => {
    const roleArn = `arn:aws:iam::${accountId}:role/caretaker`;
    const session =
      caretakers.get(accountId) ?? sessions.issue({ roleArn, sessionName: 'sandbox', seconds: 0 });
    caretakers.set(accountId, session);
    return session;
  };
  const caretaker = createCaretaker(createSqsCaller(sqs.url, caretakerOf), cloudTrail.record);
  for (const queue of options.queues ?? []) await caretaker.addQueue(queue);

  return {
    sqsUrl: sqs.url,
    stsUrl: sts.url,
    cloudTrailUrl: trail.url,
    requests,
    faults,
    pageFaults: [
      ...pageFaultsOf(faults, () => sessions.expireAll()),
      ...lateStartSwitches(lateStarts),
      ...lateCountSwitches(lateCounts),
    ],
    script: scripted.script,
    setDepth: scripted.setDepth,
    showStartsAfter: lateStarts.showAfter,
    lagCountsBy: lateCounts.lagBy,
    expireSessions: () => sessions.expireAll(),
    caretaker,
    cloudTrail,
    async stop() {
      caretaker.stop();
      lateCounts.stop();
      await Promise.all([sqs.stop(), sts.stop(), trail.stop()]);
      emulators.stop();
    },
  };
}
