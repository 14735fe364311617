/** One run of a watch. A higher `run` takes over from a lower one. It names no person. */
export type WatchRun = { watch: string; run: number };

/** Port: starts a run, once however often it is asked for the same. Resolves once it will run; rejects when it may not. */
export type StartWatch = (run: WatchRun) => Promise<void>;
