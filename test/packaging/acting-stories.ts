import { expect } from 'vitest';
import { type ActingStage, arn } from './acting-stage.ts';

const within = { timeout: 60_000, interval: 20 };

/** What the functions do about actions, as their source has them and as they are packaged. */
export const actingStories = {
  async 'Ann asks, Bob approves, and one start becomes the card that both watch'(stage: ActingStage) {
    await stage.requested();
    expect(stage.slack.calls[0]?.method).toBe('views.open');
    expect(JSON.stringify(stage.slack.calls[0]?.args)).not.toContain('orders-dlq');
    await stage.clicks('UBOB', 'Approve');
    await stage.shows(/Running|Completed/);
    expect(stage.shown()).toContain('Requested by <@UANN>, approved by <@UBOB>: `The bug is fixed`');
    expect(stage.calls('StartMessageMoveTask')).toBe(1);
  },

  async 'everything comes twice, and one request is approved and started once'(stage: ActingStage) {
    stage.lambda.faults.startsTwice = true;
    await stage.requested();
    await stage.clicks('UBOB', 'Approve');
    await stage.shows(/Running|Completed/);
    await stage.lambda.settled();
    expect([stage.calls('StartMessageMoveTask'), stage.ours().length]).toEqual([1, 1]);
    expect([stage.told('UANN'), stage.told('UBOB')]).toEqual([[], []]);
  },

  async 'a call that is killed is never repeated, and is found by polling'(stage: ActingStage) {
    await stage.requested();
    stage.aws.faults.add({ kind: 'done-then-reset', action: 'StartMessageMoveTask', times: 1 });
    await stage.clicks('UBOB', 'Approve');
    await expect.poll(() => stage.calls('StartMessageMoveTask'), within).toBe(1);
    stage.lambda.kill('action');
    await stage.shows(/Running|Completed/);
    expect(stage.calls('StartMessageMoveTask')).toBe(1);
  },

  async 'a request is declined, in words to who asked'(stage: ActingStage) {
    await stage.requested();
    await stage.clicks('UBOB', 'Decline');
    await stage.shows('Declined');
    await expect.poll(() => stage.thread().join(), within).toContain('<@UANN>');
    expect([stage.calls('StartMessageMoveTask'), stage.states()]).toEqual([
      0,
      ['>requested', 'requested>declined'],
    ]);
  },

  async 'a submission that fails repeats what was typed, with a button that opens the form again'(
    stage: ActingStage,
  ) {
    await stage.opensForm();
    stage.lambda.actionTable.faults.push(...Array.from({ length: 60 }, () => 'forbidden' as const));
    await stage.slack.as('UANN').submits({ Reason: 'The bug is fixed' });
    await expect.poll(() => stage.told('UANN').at(-1), within).toContain('reason `The bug is fixed`');
    expect(JSON.stringify(stage.slack.privateWords('UANN').at(-1)?.blocks)).toContain('Open the form again…');
  },

  async 'a request is withdrawn by who asked, and nothing starts'(stage: ActingStage) {
    await stage.requested();
    await stage.clicks('UANN', 'Withdraw');
    await stage.shows('Withdrawn');
    await stage.clicks('UBOB', 'Approve').catch(() => undefined);
    await stage.lambda.settled();
    expect(stage.calls('StartMessageMoveTask')).toBe(0);
  },

  async 'a running redrive is canceled on the functions, too'(stage: ActingStage) {
    await stage.requested();
    await stage.clicks('UBOB', 'Approve');
    await stage.shows('Running');
    await stage.clicks('UBOB', 'Cancel…');
    await expect.poll(() => stage.calls('CancelMessageMoveTask'), within).toBe(1);
    await expect.poll(() => stage.states().at(-1), within).toMatch(/cancelling>(cancelled|had-ended)/);
    expect(stage.calls('StartMessageMoveTask')).toBe(1);
  },

  async 'workers and runs are killed again and again around an approval, and it is started at most once'(
    stage: ActingStage,
  ) {
    await stage.requested();
    await stage.clicks('UBOB', 'Approve');
    for (let kills = 0; kills < 12; kills += 1) {
      await new Promise((resolve) => setTimeout(resolve, 137 + kills * 61));
      stage.lambda.kill('action');
      if (kills === 1) await stage.clicks('UBOB', 'Approve').catch(() => undefined);
    }
    const isDone = () => /Running|Completed|Not started/i.test(stage.shown());
    await expect.poll(isDone, { timeout: 260_000, interval: 100 }).toBe(true);
    expect(stage.calls('StartMessageMoveTask')).toBeLessThanOrEqual(1);
    if (stage.calls('StartMessageMoveTask') === 1) await stage.shows(/Running|Completed/);
  },

  async 'a redrive that both leave while it runs is in the history, with who and why'(stage: ActingStage) {
    await stage.requested();
    await stage.clicks('UBOB', 'Approve');
    await stage.shows('Running');
    for (const person of ['UANN', 'UBOB']) await stage.clicks(person, 'Unwatch');
    await stage.lambda.settled();
    const { actionTable, history } = stage.lambda;
    const task = [...actionTable.items.keys()].find((key) => key.includes(' task ')) ?? '';
    const StartedTimestamp = Date.parse(task.split(' task ')[1] ?? '');
    const ended = { Status: 'COMPLETED', StartedTimestamp, ApproximateNumberOfMessagesMoved: 40 };
    stage.aws.script(arn, [[ended]]);
    await stage.lambda.invoke('follow', { 'detail-type': 'Scheduled Event' });
    expect(JSON.parse(history.queues.get(arn)?.get(StartedTimestamp)?.['state']?.S ?? '{}')).toMatchObject({
      task: { status: 'COMPLETED', moved: 40 },
      startedHere: { requester: 'UANN', decider: 'UBOB', reason: 'The bug is fixed' },
    });
  },
};
