type Write = (facts: Record<string, unknown>, message: string) => void;

/** Port: the log for operators. One line per event, and never a secret. */
export type Log = { debug: Write; info: Write; warn: Write; error: Write };
