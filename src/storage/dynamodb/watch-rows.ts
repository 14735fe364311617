/** `card`: the message; `task`: which of its queue's tasks. Together they name one row. */
export type RowKey = { card: string; task: string };

export type WatchRow = RowKey & {
  /** Counts the writes, from 1. */
  version: number;
  isLive: boolean;
  /** What there is to know, as text. */
  state: string;
  /** Epoch seconds; the row may be deleted from then on. */
  expiresAt: number;
  /** What else a newer version keeps in it. */
  others?: Record<string, unknown>;
};

/** Port: a table of watches that many processes share. Reads see every write that was answered before. */
export type WatchRows = {
  read(key: RowKey): Promise<WatchRow | undefined>;
  ofCard(card: string): Promise<WatchRow[]>;
  live(): Promise<WatchRow[]>;
  /** Writes a new row (version 1) or the next version of one. False: somebody was quicker, and nothing was written. */
  write(row: WatchRow): Promise<boolean>;
};
