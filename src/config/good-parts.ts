import * as z from 'zod';
import { customRates } from '../domain/move-task.ts';
import { Channels, RequestChannel, WatchSettings } from '../domain/settings.ts';
import { SqsArn } from './names.ts';
import { AccountId, Channel, inFull, isOff, RoleArn } from './settings-schema.ts';

/** A wrong part counts as missing: the schema has already reported it. */
function ifGood<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const Rate = ifGood(z.int().min(customRates.lowest).max(customRates.highest));
const Rates = ifGood(z.object({ default: Rate, max: Rate }));

const OwnRedrive = z.preprocess(
  (value) => (isOff(value) ? undefined : value),
  z.object({ destinations: ifGood(z.array(ifGood(SqsArn))), messagesPerSecond: Rates }).optional(),
);

const GoodAccount = z
  .object({ id: ifGood(AccountId), roleArn: ifGood(RoleArn), redriveRoleArn: ifGood(RoleArn) })
  .catch({});

const GoodQueue = z
  .object({
    arn: ifGood(SqsArn),
    roleArn: ifGood(RoleArn),
    redriveRoleArn: ifGood(RoleArn),
    channels: ifGood(Channels),
    notify: ifGood(Channel),
    redrive: ifGood(OwnRedrive),
  })
  .catch({});

const { minPollSeconds, maxPollSeconds, stalledAfterMinutes } = WatchSettings.shape;
const GoodWatch = z.object({
  minPollSeconds: ifGood(minPollSeconds.unwrap()),
  maxPollSeconds: ifGood(maxPollSeconds.unwrap()),
  stalledAfterMinutes: ifGood(stalledAfterMinutes.unwrap()),
});

/** The valid parts of settings that may have faults elsewhere, so that all faults are reported at once. */
export const GoodParts = z.object({
  accounts: z.record(z.string(), GoodAccount).catch({}),
  queues: z.record(z.string(), z.preprocess(inFull, GoodQueue)).catch({}),
  access: z.object({ channels: ifGood(Channels) }).catch({}),
  watch: GoodWatch.catch({}),
  redrive: ifGood(z.object({ channel: ifGood(RequestChannel), messagesPerSecond: Rates }).catch({})),
});
export type GoodParts = z.infer<typeof GoodParts>;
