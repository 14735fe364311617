/** A name as words: `orders-dlq`, `OrdersDLQ` and `orders_dlq` are the same two. */
export function wordsOfName(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2-')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** What only an alarm adds to the name of its queue. */
const ofAlarms = new Set(
  `alarm alarms alert alerts empty nonempty notempty age depth length count message messages msgs visible oldest
  backlog backlogged growing stuck threshold exceeded breach breached monitor metric`.split(/\s+/),
);

/** By these alone a name is known for an alarm's, whatever queue it is of. */
const tellTale = new Set('alarm alarms empty nonempty notempty depth visible oldest backlog'.split(' '));

/** What goes along with these. */
const besides = new Set(
  `not non zero has have is are in too many any of the number approximate high low critical warning warn error errors
  greater than above over size max min seconds minutes cloudwatch cw sqs aws state received sent deleted`.split(
    /\s+/,
  ),
);

/** What speaks of queues and alarms without naming one, as the keys of AWS's JSON do, and the bot's own name. */
const ofQueuesAtLarge = new Set(
  `queue queues dlq dlqs fifo dead letter letters deadletter name url arn tasks task redrive source
  enqueue dequeue requeue description actions action configuration updated timestamp`.split(/\s+/),
);

/** How a word ends that makes a name one of a queue, as in `orders-dlq2` and `ordersdlq`. */
const ofAQueue = /^(?:dl|sqs)$|(?:dlqs?|queue|fifo|deadletter)\d*$/;

/**
 * Whether what stands around a queue's name makes it the name of an alarm: any other word may make it the name of
 * another queue, as in `old-orders-dlq` or `orders-dlq-v2`. `itsOwn`: words that the queue's account and region have.
 */
export function areOfAnAlarm(rest: readonly string[], itsOwn: readonly string[]): boolean {
  return (
    rest.some((word) => ofAlarms.has(word)) &&
    rest.every((word) => ofAlarms.has(word) || besides.has(word) || itsOwn.includes(word))
  );
}

/** Whether a name looks like that of some queue, or of some queue's alarm. */
export function looksLikeAQueue(words: readonly string[]): boolean {
  const isOne = words.some(
    (word, i) => ofAQueue.test(word) || (word === 'dead' && words[i + 1] === 'letter'),
  );
  const isAlarm = words.length > 1 && words.some((word) => tellTale.has(word));
  return (isOne || isAlarm) && words.some((word) => !isGeneral(word));
}

function isGeneral(word: string): boolean {
  return ofAlarms.has(word) || besides.has(word) || ofQueuesAtLarge.has(word) || /^v?\p{N}+$/u.test(word);
}
