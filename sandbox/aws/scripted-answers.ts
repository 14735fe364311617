export type LocalDepth = { waiting: number; inFlight: number; delayed: number };
export type ScriptedAnswers = ReturnType<typeof createScriptedAnswers>;

/** Answers that a test gives instead of the emulator's. */
export function createScriptedAnswers() {
  const lists = new Map<string, unknown[]>();
  const depths = new Map<string, LocalDepth>();

  const nextList = (queueArn: string) => {
    const [next, ...later] = lists.get(queueArn) ?? [];
    if (later.length > 0) lists.set(queueArn, later);
    return next;
  };

  return {
    script(queueArn: string, answers: readonly unknown[] | undefined) {
      if (answers && answers.length > 0) lists.set(queueArn, [...answers]);
      else lists.delete(queueArn);
    },
    setDepth(queueArn: string, depth: LocalDepth | undefined) {
      if (depth) depths.set(queueArn, depth);
      else depths.delete(queueArn);
    },
    answerTo(action: string, queueArn: string): { json: string } | undefined {
      if (action === 'ListMessageMoveTasks' && lists.has(queueArn)) {
        return { json: JSON.stringify({ Results: nextList(queueArn) }) };
      }
      const depth = action === 'GetQueueAttributes' ? depths.get(queueArn) : undefined;
      return depth && { json: JSON.stringify({ Attributes: attributesOf(depth) }) };
    },
  };
}

function attributesOf({ waiting, inFlight, delayed }: LocalDepth) {
  return {
    ApproximateNumberOfMessages: String(waiting),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}
