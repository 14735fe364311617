/**
 * List prices in US dollars, us-east-1, arm64, without free tiers; they change, and a region differs by some percent.
 * https://aws.amazon.com/lambda/pricing/, https://aws.amazon.com/sqs/pricing/, https://aws.amazon.com/dynamodb/pricing/
 */
const dollars = {
  durableOperation: 8 / 1e6,
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.000_013_333_4,
  sqsRequest: 0.4 / 1e6,
  tableWriteUnit: 0.625 / 1e6,
  tableReadUnit: 0.125 / 1e6,
};

/** The watch function's 512 MB for a second. */
const gigabyteSecondsALook = 0.5;
/** Counted over an hour's redrive of 33 looks; a row is up to 3 KB, which is three units to write. */
const tableALook = { writeUnits: (3 * 141) / 33, readUnits: 312 / 33 };
/** Sessions live for an hour. */
const sessionHours = 1;

/** Each look is one ListMessageMoveTasks, and each hour one AssumeRole; CloudTrail records both. */
export function costOf(looks: number, hours: number): { cloudTrailEvents: number; lambdaDollars: number } {
  const aLook =
    dollars.durableOperation +
    dollars.invocation +
    dollars.sqsRequest +
    gigabyteSecondsALook * dollars.gigabyteSecond +
    tableALook.writeUnits * dollars.tableWriteUnit +
    tableALook.readUnits * dollars.tableReadUnit;
  return { cloudTrailEvents: looks + Math.ceil(hours / sessionHours), lambdaDollars: looks * aLook };
}
