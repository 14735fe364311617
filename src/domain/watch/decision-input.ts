import type { Observation } from './observation.ts';
import type { Watch } from './watch.ts';
import type { WatchSettings } from './watch-settings.ts';

/** All that a decision depends on. */
export type DecisionInput = {
  watch: Watch;
  observation: Observation;
  now: number;
  settings: WatchSettings;
  /** 0 to 1, for the jitter: chance is an argument, so that a decision can be repeated. */
  random: number;
};
