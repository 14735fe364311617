import { useEffect, useLayoutEffect, useRef, useState } from 'react';

const nearBottomPx = 80;

/**
 * Keeps the newest message in view while the reader is at the bottom, and shows when a new one is below.
 * After sending something, the person is scrolled to the bottom.
 */
export function useStickToBottom(newest: string | undefined, sent: number) {
  const outer = useRef<HTMLElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const isAtBottom = useRef(true);
  const [hasNewBelow, setHasNewBelow] = useState(false);
  const toBottom = () => {
    if (outer.current) outer.current.scrollTop = outer.current.scrollHeight;
  };
  useEffect(() => {
    const [frame, content] = [outer.current, inner.current];
    if (!frame || !content) return;
    let lastTop = frame.scrollTop;
    const onScroll = () => {
      const below = frame.scrollHeight - frame.scrollTop - frame.clientHeight;
      // Only the reader scrolls up. After a scroll down, the content may have grown before this event
      // arrived.
      if (below < nearBottomPx) isAtBottom.current = true;
      else if (frame.scrollTop < lastTop) isAtBottom.current = false;
      lastTop = frame.scrollTop;
      if (isAtBottom.current) setHasNewBelow(false);
    };
    const onGrowth = new ResizeObserver(() => {
      if (isAtBottom.current) frame.scrollTop = frame.scrollHeight;
    });
    frame.addEventListener('scroll', onScroll, { passive: true });
    onGrowth.observe(content);
    onGrowth.observe(frame);
    return () => {
      frame.removeEventListener('scroll', onScroll);
      onGrowth.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (sent > 0 && outer.current) outer.current.scrollTop = outer.current.scrollHeight;
    isAtBottom.current = true;
  }, [sent]);
  useLayoutEffect(() => {
    const frame = outer.current;
    if (newest === undefined || !frame) return;
    if (isAtBottom.current) frame.scrollTop = frame.scrollHeight;
    else setHasNewBelow(true);
  }, [newest]);
  return { outer, inner, hasNewBelow, toBottom };
}
