const MachineDate = globalThis.Date;
let aheadMs = 0;

class MovableDate extends MachineDate {
  constructor(...given: [] | [number | string | Date]) {
    super(...((given.length === 0 ? [MovableDate.now()] : given) as [number]));
  }
  static override now(): number {
    return MachineDate.now() + aheadMs;
  }
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.toString.call(value) === '[object Date]';
  }
}

/** Moves what this process takes for the time, which goes on from there. */
export const movableDate = {
  setTo(now: number): void {
    aheadMs = now - MachineDate.now();
    globalThis.Date = MovableDate as DateConstructor;
  },
};
