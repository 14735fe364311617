import type { Log } from '../../src/operations/log.ts';
import type { Counted, Metrics, Timed } from '../../src/operations/metrics.ts';

/** Recorded metrics, in order. */
export function recordedMetrics() {
  const events: (Counted | (Timed & { ms: number }))[] = [];
  const metrics: Metrics = {
    counted: (event) => void events.push(event),
    timed: (event, ms) => void events.push({ ...event, ms }),
  };
  return { events, metrics };
}

type LogLine = { level: string; message: string } & Record<string, unknown>;

/** A log that keeps its lines, in order. */
export function recordedLog() {
  const lines: LogLine[] = [];
  const at = (level: string) => (facts: Record<string, unknown>, message: string) =>
    void lines.push({ ...facts, level, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { lines, log };
}
