import { SafeLink } from './safe-link.tsx';
import { slackDate } from './slack-date.ts';

type Props = { timestamp: number; format: string; url?: string | undefined; fallback: string };

export function DateText({ timestamp, format, url, fallback }: Props) {
  if (!Number.isFinite(timestamp)) return <>{fallback}</>;
  const shown = (
    <time dateTime={new Date(timestamp * 1000).toISOString()} title={fallback}>
      {slackDate(timestamp, format)}
    </time>
  );
  return url === undefined ? shown : <SafeLink url={url}>{shown}</SafeLink>;
}
