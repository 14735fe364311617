import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Counted, Metrics, Timed } from '../operations/metrics.ts';
import { createBound } from './bound.ts';

export type PrometheusMetrics = Metrics & {
  contentType: string;
  /** All numbers in Prometheus's text format. */
  text(): Promise<string>;
};

export type PrometheusOptions = {
  /** Asked when the numbers are read: how many live watches there are, by phase. */
  watches: () => Record<string, number>;
  /** How many watches have something to tell that Slack has not taken yet, by what it is. */
  undelivered: () => Record<string, number>;
  /** Whether Slack reaches the bot over Socket Mode; left out over HTTP. */
  socketConnected?: (() => boolean) | undefined;
  /** Whether nothing can be kept at this moment. */
  storeFails: () => boolean;
};

const prefix = 'dlq_tasks_';
const quick = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
const late = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** The numbers as Prometheus reads them. They hold no name of a queue, a channel or a person, and no secret. */
export function createPrometheusMetrics({
  watches,
  undelivered,
  socketConnected,
  storeFails,
}: PrometheusOptions): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry);
  const histograms = createHistograms(registry);
  const bounded = createBound();
  const gauge = createGauges(registry);
  gauge('watches', 'Live watches, by phase', 'phase', watches);
  yesOrNo(registry, 'store_failing', 'Nothing can be kept, as on a full disk; /readyz says why', storeFails);
  gauge('undelivered', 'Watches with something to tell that Slack has not taken yet', 'what', undelivered);
  if (socketConnected)
    yesOrNo(registry, 'socket_connected', 'Slack reaches the bot over Socket Mode', socketConnected);

  return {
    counted: (event) => {
      const { what, ...labels } = event;
      counters[what].inc(bounded(what, labels));
    },
    timed: (event, ms) => {
      const { what, ...labels } = event;
      histograms[what].observe(bounded(what, labels), Math.max(0, ms) / 1000);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function createCounters(register: Registry): Record<Counted['what'], Counter> {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `${prefix}${name}_total`, help, labelNames, registers: [register] });
  return {
    command: counter('commands', 'Commands and clicks that were answered', ['how', 'outcome']),
    poll: counter('polls', 'Looks at queues, for watches and for followed queues', ['by', 'outcome']),
    'aws error': counter('aws_errors', 'Times that AWS could not be asked, by kind', ['kind']),
    'card update dropped': counter('card_updates_dropped', 'Edits of cards that were never made'),
    'socket failure': counter('socket_failures', 'Connections over Socket Mode that failed, by reason', [
      'reason',
    ]),
    'row unreadable': counter('rows_unreadable', 'Stored watches and followed queues that could not be read'),
    'task announced': counter('announcements', 'Tasks that were announced to a following channel'),
  };
}

function createHistograms(register: Registry): Record<Timed['what'], Histogram> {
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name: `${prefix}${name}_seconds`, help, buckets, labelNames, registers: [register] });
  return {
    command: histogram('command', 'From a command or click to its answer', quick),
    'tick lateness': histogram('tick_lateness', 'How late the look at a watched queue began', late),
    'aws call': histogram('aws_call', 'Calls to AWS, AssumeRole and retries included', quick, [
      'action',
      'outcome',
    ]),
    'slack call': histogram('slack_call', 'Requests to Slack', quick, ['method', 'outcome']),
  };
}

/** Their values are asked for when the numbers are read. */
function createGauges(register: Registry) {
  return (name: string, help: string, label: string, values: () => Record<string, number>) =>
    new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: [label],
      registers: [register],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(values())) this.set({ [label]: value }, count);
      },
    });
}

function yesOrNo(register: Registry, name: string, help: string, isSo: () => boolean): void {
  new Gauge({
    name: `${prefix}${name}`,
    help,
    registers: [register],
    collect() {
      this.set(isSo() ? 1 : 0);
    },
  });
}
