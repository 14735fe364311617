import type { Observation } from './observation.ts';
import type { Watch } from './watch.ts';
import type { WatchSettings } from './watch-settings.ts';

/** Everything that a decision depends on. */
export type DecisionInput = {
  watch: Watch;
  observation: Observation;
  now: number;
  settings: WatchSettings;
  /** 0 to 1, for the jitter: an argument, so that decisions are reproducible. */
  random: number;
};
