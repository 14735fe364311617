import { createHash, randomUUID } from 'node:crypto';
import type {
  DurableExecutionInvocationInput,
  Operation,
  OperationUpdate,
} from '@aws/durable-execution-sdk-js';

/** The result of one invocation of a durable function; it rejects if the function crashed. */
export type InvokeDurable = (event: DurableExecutionInvocationInput) => Promise<unknown>;

type Execution = {
  arn: string;
  payload: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  error?: unknown;
  token: string;
  operations: Map<string, Operation>;
  /** As Lambda counts them: each operation, and each retry. */
  counted: number;
  invocations: number;
  /** Running right now; one that hangs does so until it is crashed. */
  busy?: object;
  crashed: boolean;
};

const mostOperations = 3_000;
const pageSize = 100;

/** Lambda's side of durable functions, with a clock in the hands of a test. */
export function createDurableService({
  clock,
  invoke,
  functionName = 'watch',
}: {
  clock: () => number;
  invoke: InvokeDurable;
  functionName?: string;
}) {
  const executions = new Map<string, Execution>();

  /** Once per name. The same name with another payload is rejected. */
  function start(name: string, payload: string): 'started' | 'there already' | 'refused' {
    if (!/^[A-Za-z0-9-_]{1,64}$/.test(name)) throw new Error(`Lambda takes no such name: ${name}`);
    const known = executions.get(name);
    if (known) return known.payload === payload ? 'there already' : 'refused';
    const arn = `arn:aws:lambda:eu-west-1:111122223333:function:${functionName}:1/durable-execution/${name}/${randomUUID()}`;
    const at = new Date(clock());
    const first: Operation = {
      Id: createHash('md5').update(arn).digest('hex'),
      Type: 'EXECUTION',
      Status: 'STARTED',
      StartTimestamp: at,
      ExecutionDetails: { InputPayload: payload },
    };
    executions.set(name, {
      ...{ arn, payload, status: 'RUNNING', token: randomUUID(), counted: 0, invocations: 0, crashed: false },
      operations: new Map([[first.Id ?? '', first]]),
    });
    return 'started';
  }

  function byArn(arn: string): Execution {
    const found = [...executions.values()].find((one) => one.arn === arn);
    if (!found) throw new Error(`There is no execution ${arn}.`);
    return found;
  }

  function checkpoint(arn: string, token: string, updates: readonly OperationUpdate[]) {
    const execution = byArn(arn);
    if (execution.token !== token) throw new Error('Invalid Checkpoint Token');
    const changed = updates.map((update) => apply(execution, update, clock()));
    if (execution.counted > mostOperations) throw new Error('Too many operations');
    execution.token = randomUUID();
    return { CheckpointToken: execution.token, NewExecutionState: { Operations: changed } };
  }

  function page(arn: string, from = 0) {
    const all = [...byArn(arn).operations.values()];
    const next = from + pageSize;
    return {
      Operations: all.slice(from, next),
      ...(next < all.length && { NextMarker: String(next) }),
    };
  }

  async function run(execution: Execution): Promise<void> {
    for (const operation of execution.operations.values()) {
      if (isDue(operation, clock())) operation.Status = 'READY';
    }
    execution.crashed = false;
    execution.invocations += 1;
    execution.token = randomUUID();
    const { arn: DurableExecutionArn, token: CheckpointToken } = execution;
    const event = { DurableExecutionArn, CheckpointToken, InitialExecutionState: page(execution.arn) };
    const busy = {};
    execution.busy = busy;
    const answer = await invoke(event).catch(() => undefined);
    if (execution.busy !== busy) return;
    delete execution.busy;
    const { Status, Error: error } = Object(answer);
    if (Status === undefined) execution.crashed = true;
    else if (Status !== 'PENDING') Object.assign(execution, { status: Status, error });
  }

  const dueAt = (execution: Execution) => {
    if (execution.status !== 'RUNNING' || execution.busy) return Infinity;
    if (execution.invocations === 0 || execution.crashed) return clock();
    return Math.min(...[...execution.operations.values()].map(nextAttemptOf));
  };
  const all = () => [...executions.values()];

  return {
    start,
    checkpoint,
    page,
    executions,
    /** Invokes whatever is due, until nothing is. */
    async tick(): Promise<void> {
      for (;;) {
        const due = all().filter((one) => dueAt(one) <= clock());
        if (due.length === 0) return;
        await Promise.all(due.map(run));
      }
    },
    nextDue: () => Math.min(...all().map(dueAt)),
    isBusy: () => all().some(({ busy }) => busy !== undefined),
    /** An invocation that will never answer, as if its machine were gone. */
    crashAll: () => {
      for (const execution of all()) {
        delete execution.busy;
        execution.crashed = true;
        execution.token = randomUUID();
      }
    },
  };
}

function apply(execution: Execution, update: OperationUpdate, now: number): Operation {
  const { Id = '', Action, Type, SubType, Name, ParentId, Payload, Error: error } = update;
  const before = execution.operations.get(Id);
  const details = before?.StepDetails ?? {};
  if (!before || Action === 'RETRY') execution.counted += 1;
  const operation: Operation = {
    ...{ Id, Type, SubType, Name, ParentId },
    StartTimestamp: before?.StartTimestamp ?? new Date(now),
    Status: 'STARTED',
    StepDetails: details,
  };
  if (Action === 'RETRY') {
    const wait = update.StepOptions?.NextAttemptDelaySeconds ?? 0;
    operation.Status = 'PENDING';
    operation.StepDetails = {
      Attempt: (details.Attempt ?? 0) + 1,
      Result: Payload,
      Error: error,
      NextAttemptTimestamp: new Date(now + wait * 1000),
    };
  } else if (Action === 'SUCCEED' || Action === 'FAIL') {
    operation.Status = Action === 'SUCCEED' ? 'SUCCEEDED' : 'FAILED';
    operation.StepDetails = { ...details, Result: Payload, Error: error };
    operation.EndTimestamp = new Date(now);
  }
  execution.operations.set(Id, operation);
  return operation;
}

function nextAttemptOf({ Status, StepDetails }: Operation): number {
  return Status === 'PENDING' ? (StepDetails?.NextAttemptTimestamp?.getTime() ?? Infinity) : Infinity;
}

function isDue(operation: Operation, now: number): boolean {
  return nextAttemptOf(operation) <= now;
}
