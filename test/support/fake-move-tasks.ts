import type { Outcome } from '../../src/domain/aws-error.ts';
import type { Depth, MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { MoveTasks } from '../../src/operations/move-tasks.ts';

/** The port without AWS: tests set its answers and read its calls. */
export function fakeMoveTasks() {
  const asked: string[] = [];
  let answer: Outcome<MoveTask[]> = { ok: true, value: [] };
  let depth: Outcome<Depth> = { ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } };
  let slowness: Promise<void> = Promise.resolve();
  const port: MoveTasks = {
    async list(queue: Queue, atMost: number) {
      asked.push(`list ${queue.arn} ${atMost}`);
      const given = answer;
      await slowness;
      return given.ok ? { ok: true, value: given.value.slice(0, atMost) } : given;
    },
    async depth() {
      await slowness;
      return depth;
    },
  };
  return {
    ...port,
    asked,
    lists: (...tasks: MoveTask[]) => {
      answer = { ok: true, value: tasks };
    },
    answers: (outcome: Outcome<MoveTask[]>) => {
      answer = outcome;
    },
    holds: (outcome: Outcome<Depth>) => {
      depth = outcome;
    },
    waitsFor: (promise: Promise<void>) => {
      slowness = promise;
    },
  };
}
