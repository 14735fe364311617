import { checkQueue } from '../operations/check-queue.ts';
import { RecentMap } from '../operations/expiring.ts';
import { refreshCard } from '../operations/refresh-card.ts';
import { type ButtonValue, readButtonValue } from './button-values.ts';
import { type Handler, type HandlerDeps, noReply, type Reply, replyOf, unknownButtonReply } from './reply.ts';

/** The buttons that show a queue, or refresh its card. */
export function createQueueHandlers(deps: HandlerDeps) {
  const onRefresh: Handler = async ({ text, person: { channelId }, clicked }) => {
    const value = readButtonValue(text);
    if (!value) return unknownButtonReply();
    const { q, n, at, m, s } = value;
    const earlier =
      at !== undefined && m !== undefined && s !== undefined ? [{ at, moved: m, startedAt: s }] : [];
    const answer = await refreshCard({ typed: q, channelId, asked: n, earlier }, clicked, deps);
    return { ...replyOf(answer, 'clicked', deps), ...shownBefore(value, deps.clock()) };
  };

  const isDoubleClick = doubleClicks(deps.clock);

  const onShowQueue: Handler = async ({ text, person: { userId, channelId } }) => {
    const value = readButtonValue(text);
    if (!value) return unknownButtonReply();
    if (isDoubleClick([userId, channelId, value.q].join(' '))) return noReply({ outcome: 'double click' });
    const answer = await checkQueue({ typed: value.q, channelId, asked: value.n }, deps);
    return { ...replyOf(answer, 'channel', deps), removesClicked: true };
  };

  return { onRefresh, onShowQueue };
}

const doubleClickMs = 2_000;

/** The second click of a double click posts no second card. */
function doubleClicks(clock: () => number): (click: string) => boolean {
  const lately = new RecentMap<number>(1_000);
  return (click) => {
    const isAgain = clock() - (lately.get(click) ?? Number.NEGATIVE_INFINITY) < doubleClickMs;
    if (!isAgain) lately.set(click, clock());
    return isAgain;
  };
}

/** The button says what its card shows; this process may have been started since. */
function shownBefore({ at, s, end }: ButtonValue, now: number): Pick<Reply, 'shownBefore'> {
  if (at === undefined || at > now) return {};
  const task = s === undefined ? {} : { startedAt: s };
  return { shownBefore: { seenAt: at, ...task, isFinal: end === 1 } };
}
