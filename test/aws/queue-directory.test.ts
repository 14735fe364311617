import { afterEach, describe, expect, test, vi } from 'vitest';
import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import { createDiscovery, pacedBy } from '../../src/aws/queue-directory.ts';
import { discoverQueues } from '../../src/operations/discover-queues.ts';
import { stubAws } from '../cli/doctor-world.ts';
import { makeQueues, mostInASecond } from '../support/many-queues.ts';

const id = '111122223333';
const role = { arn: `arn:aws:iam::${id}:role/dlq-tasks-status` };
const placeIn = (region: string) => ({ account: { label: 'prod', id }, partition: 'aws', region, role });

describe('no more than 20 calls a second', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  test('by the clock of the rate limiter, even after a suspension', async () => {
    vi.useFakeTimers();
    const pace = pacedBy(20);
    const moments: number[] = [];
    const calls = Array.from({ length: 300 }, () => pace(async () => void moments.push(Date.now())));
    await vi.advanceTimersByTimeAsync(4_000);
    vi.setSystemTime(Date.now() + 3_000);
    await vi.advanceTimersByTimeAsync(20_000);
    await Promise.all(calls);
    expect(mostInASecond(moments)).toBeLessThanOrEqual(20);
    expect(moments.length / ((moments.at(-1) ?? 0) - (moments[0] ?? 0))).toBeGreaterThan(15 / 1_000);
  });

  test("as SQS counts them in each account and region, including the SDK's retries", async () => {
    const aws = await startLocalAws({ roles: [role] });
    stubAws({ sqs: aws.sqsUrl, sts: aws.stsUrl });
    const regions = ['eu-west-1', 'us-east-1'].map((region) => ({
      region,
      dlqs: 8,
      sourcesEach: 2,
      plain: 0,
    }));
    const dlqs = await makeQueues(aws, id, regions);
    aws.faults.add({ kind: 'throttle', service: 'SQS', action: 'GetQueueAttributes', times: 30 });
    const { directory, stop } = createDiscovery();
    const surveys = await Promise.all(
      regions.map(({ region }) => discoverQueues(placeIn(region), directory)),
    ).finally(stop);
    expect(surveys.flatMap((survey) => survey.dlqs.map(({ arn }) => arn)).toSorted()).toEqual(dlqs);
    for (const { region } of regions) {
      const moments = aws.requests.filter((one) => one.service === 'SQS' && one.region === region);
      expect(moments.length).toBeGreaterThan(25);
      expect(mostInASecond(moments.map(({ at }) => at))).toBeLessThanOrEqual(20);
    }
    await aws.stop();
  });
});
