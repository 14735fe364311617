import type { ReactNode } from 'react';

/** Links in messages lead to the web or to a mail program; any other scheme is shown as text. */
export function isSafeUrl(url: string): boolean {
  return /^(?:https?:\/\/|mailto:)/i.test(url);
}

export function SafeLink({ url, children }: { url: string; children: ReactNode }) {
  if (!isSafeUrl(url)) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
