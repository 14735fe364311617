import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Counted, Timed } from '../operations/metrics.ts';

type PrometheusOptions = {
  /** Called on each scrape: how many live watches there are, by phase. */
  watches: () => Record<string, number>;
  /** How many watches have something that is not delivered yet, by what it is. */
  undelivered: () => Record<string, number>;
  /** Whether Socket Mode is connected; absent over HTTP. */
  socketConnected?: (() => boolean) | undefined;
  /** Whether storage is unavailable right now. */
  storeFails: () => boolean;
};

const prefix = 'dlq_tasks_';
const quick = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
const late = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Metrics for Prometheus. They contain no secret and no name of a queue, a channel or a person. */
export function createPrometheusMetrics(read: PrometheusOptions) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry);
  const histograms = createHistograms(registry);
  const bounded = createBound();
  const gauge = createGauges(registry);
  const notStored = '1 if nothing can be saved, for example because the disk is full; /readyz says why';
  const notDelivered = 'Watches with a notification or card update that has not been delivered yet';
  gauge('watches', 'Live watches, by phase', read.watches, 'phase');
  gauge('store_failing', notStored, read.storeFails);
  gauge('undelivered', notDelivered, read.undelivered, 'what');
  if (read.socketConnected) gauge('socket_connected', '1 if Socket Mode is connected', read.socketConnected);

  return {
    counted: ({ what, ...labels }: Counted) => {
      counters[what].inc(bounded(what, labels));
    },
    timed: ({ what, ...labels }: Timed, ms: number) => {
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
    command: counter('commands', 'Commands and clicks answered', ['how', 'outcome']),
    poll: counter('polls', 'Polls of queues, for watches and for followed queues', ['by', 'outcome']),
    'aws error': counter('aws_errors', 'Failed calls to AWS, by kind of error', ['kind']),
    'card update dropped': counter('card_updates_dropped', 'Card updates that were never made'),
    'socket failure': counter('socket_failures', 'Failed Socket Mode connections, by reason', ['reason']),
    'row unreadable': counter(
      'rows_unreadable',
      'Stored watches, followed queues, and actions that could not be read',
    ),
    'task announced': counter('announcements', 'Redrives announced in channels that follow their queue'),
  };
}

function createHistograms(register: Registry): Record<Timed['what'], Histogram> {
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name: `${prefix}${name}_seconds`, help, buckets, labelNames, registers: [register] });
  return {
    command: histogram('command', 'Time from a command or click to its answer', quick),
    'tick lateness': histogram('tick_lateness', 'How late polls of watched queues started', late),
    'aws call': histogram('aws_call', 'Duration of calls to AWS, including AssumeRole and retries', quick, [
      'action',
      'outcome',
    ]),
    'slack call': histogram('slack_call', 'Duration of requests to Slack', quick, ['method', 'outcome']),
  };
}

/** Values are read on each scrape: whether something is so, or how many there are by a label. */
function createGauges(register: Registry) {
  return (name: string, help: string, read: () => boolean | Record<string, number>, label = '') =>
    new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: label === '' ? [] : [label],
      registers: [register],
      collect() {
        this.reset();
        const now = read();
        if (typeof now === 'boolean') this.set(Number(now));
        else for (const [value, count] of Object.entries(now)) this.set({ [label]: value }, count);
      },
    });
}

type Labels = Record<string, string>;

const valuesOfOneLabel = 60;

/** A label has at most this many values, whatever callers do; later ones are counted as `other`. */
export function createBound(atMost = valuesOfOneLabel) {
  const known = new Map<string, Set<string>>();
  return (what: string, labels: Labels): Labels =>
    Object.fromEntries(
      Object.entries(labels).map(([label, value]) => {
        const key = `${what} ${label}`;
        const values = known.get(key) ?? new Set();
        known.set(key, values);
        if (values.size < atMost) values.add(value);
        return [label, values.has(value) ? value : 'other'];
      }),
    );
}
