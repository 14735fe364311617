import type { Outcome } from '../../domain/aws-error.ts';
import type { Depth } from '../../domain/depth.ts';
import { awsErrorInBrief } from '../../domain/explain-aws-error.ts';
import { depthInWords as countsInWords } from '../../domain/task-words.ts';
import { mrkdwn } from '../text.ts';

/** How many messages the DLQ holds, or why that is not known. */
export function depthInWords(depth: Outcome<Depth>): string {
  return depth.ok ? countsInWords(depth.value) : `not known: ${mrkdwn(awsErrorInBrief(depth.awsError))}`;
}
