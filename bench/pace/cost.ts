/**
 * List prices in US dollars, us-east-1, arm64, without free tiers; they change, and a region differs by some percent.
 * https://aws.amazon.com/lambda/pricing/ and https://aws.amazon.com/sqs/pricing/
 */
const dollars = {
  durableOperation: 8 / 1e6,
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.000_013_333_4,
  sqsRequest: 0.4 / 1e6,
};

/** What one look takes of a function: 1 GB for so long. */
const secondsALook = 0.3;
/** Sessions live for an hour. */
const sessionHours = 1;

/** Each look is one ListMessageMoveTasks, and each hour one AssumeRole; CloudTrail records both. */
export function costOf(looks: number, hours: number): { cloudTrailEvents: number; lambdaDollars: number } {
  const aLook =
    dollars.durableOperation +
    dollars.invocation +
    dollars.sqsRequest +
    secondsALook * dollars.gigabyteSecond;
  return { cloudTrailEvents: looks + Math.ceil(hours / sessionHours), lambdaDollars: looks * aLook };
}
