/** One run of a watch. A higher `run` takes over from a lower one. It names no person. */
export type WatchRun = { watch: string; run: number };

/** Port: starts a run; repeated calls for the same run start it once. Rejects if it may not have started. */
export type StartWatch = (run: WatchRun) => Promise<void>;
