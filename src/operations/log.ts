type Write = (facts: Record<string, unknown>, message: string) => void;

/** Port: where the bot writes what an operator may need. One line an event; secrets never belong in it. */
export type Log = { debug: Write; info: Write; warn: Write; error: Write };
