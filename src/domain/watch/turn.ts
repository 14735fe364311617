import type { Sighting } from './sighting.ts';
import type { Watch } from './watch.ts';
import type { WatchSettings } from './watch-settings.ts';

/** All that a decision depends on. */
export type Turn = {
  watch: Watch;
  sighting: Sighting;
  now: number;
  settings: WatchSettings;
  /** 0 to 1, for the jitter: chance is an argument, so that a decision can be repeated. */
  random: number;
};
