import { type Phrase, phrase, strong } from './phrase.ts';

export type Explanation = { meaning: Phrase; remedy: Phrase };

type Case = { matches: RegExp; explanation: Explanation };

/** Source: "Troubleshoot dead-letter queue redrive issues" and "StartMessageMoveTask" in the SQS guide. */
const cases: Case[] = [
  {
    matches: /CouldNotDetermineMessageSource/i,
    explanation: {
      meaning: phrase`SQS doesn't know which queue some messages came from. This happens when they were sent to the DLQ directly, or by SNS or Lambda.`,
      remedy: phrase`Start the redrive again with a custom destination queue.`,
    },
  },
  {
    matches: /NonExistentQueue|QueueDoesNotExist/i,
    explanation: {
      meaning: phrase`The destination queue no longer exists.`,
      remedy: phrase`Create it again, or start the redrive with a custom destination queue.`,
    },
  },
  {
    matches: /kms/i,
    explanation: {
      meaning: phrase`A queue's encryption key couldn't be used.`,
      remedy: phrase`Whoever starts the redrive needs ${'kms:Decrypt'} on the DLQ's key, and ${'kms:GenerateDataKey'} and ${'kms:Decrypt'} on the destination's. Check that the keys are enabled.`,
    },
  },
  {
    matches: /AccessDenied|NotAuthorized|Forbidden/i,
    explanation: {
      meaning: phrase`Whoever started the redrive wasn't allowed to move the messages.`,
      remedy: phrase`They need ${'sqs:ReceiveMessage'}, ${'sqs:DeleteMessage'}, and ${'sqs:GetQueueAttributes'} on the DLQ, and ${'sqs:SendMessage'} on the destination. Check the queue policies, too.`,
    },
  },
  {
    matches: /OverLimit|InflightLimit/i,
    explanation: {
      meaning: phrase`Too many messages in the DLQ are in flight.`,
      remedy: phrase`Stop other consumers of the DLQ, wait for its visibility timeout, and start the redrive again.`,
    },
  },
  {
    matches: /Throttl|TooManyRequests/i,
    explanation: {
      meaning: phrase`SQS was throttled while it moved the messages.`,
      remedy: phrase`Start the redrive again at a lower rate.`,
    },
  },
  {
    matches: /InvalidMessageContents|MessageTooLong|size/i,
    explanation: {
      meaning: phrase`The destination rejected a message.`,
      remedy: phrase`Check the destination's maximum message size, then start the redrive again.`,
    },
  },
];

const unknown: Explanation = {
  meaning: phrase`SQS gives no further explanation.`,
  remedy: phrase`Check that the destination exists and accepts messages of this type, and that whoever started the redrive is allowed to send to it. Then start it again.`,
};

export function explainFailure(reason: string | undefined): Explanation {
  if (!reason) {
    return { meaning: phrase`SQS gave no reason.`, remedy: unknown.remedy };
  }
  return cases.find(({ matches }) => matches.test(reason))?.explanation ?? unknown;
}

export function failureInWords(failureReason: string | undefined): Phrase[] {
  const { meaning, remedy } = explainFailure(failureReason);
  return [
    phrase`${strong('Reason:')} ${failureReason ?? 'none given'}`,
    meaning,
    phrase`${strong('What to do:')} ${remedy}`,
  ];
}
