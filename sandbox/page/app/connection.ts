import { useEffect, useState } from 'react';
import type { PageAction, PageActionResult, PageState } from '../../slack/page-contract.ts';

const reconnectAfterMs = 1000;

/** The newest state, and whether the event stream is connected. */
export function useConnection(): { state: PageState | undefined; isLive: boolean } {
  const [state, setState] = useState<PageState>();
  const [isLive, setIsLive] = useState(false);
  useEffect(() => listen(setState, setIsLive), []);
  return { state, isLive };
}

/** The browser gives up on an event stream after an HTTP error, so a closed one is reopened. */
function listen(onState: (state: PageState) => void, onLive: (isLive: boolean) => void): () => void {
  let events: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    const source = new EventSource('/page/events');
    source.onopen = () => onLive(true);
    source.onmessage = (event: MessageEvent<string>) => onState(JSON.parse(event.data) as PageState);
    source.onerror = () => {
      onLive(false);
      source.close();
      timer = setTimeout(open, reconnectAfterMs);
    };
    events = source;
  };
  open();
  return () => {
    clearTimeout(timer);
    events?.close();
  };
}

export async function postAction(action: PageAction): Promise<PageActionResult> {
  try {
    const response = await fetch('/page/action', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    return (await response.json()) as PageActionResult;
  } catch {
    return { ok: false, error: "The sandbox isn't responding. Is `npm run demo` still running?" };
  }
}
