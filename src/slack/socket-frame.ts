import * as z from 'zod';

const envelope_id = z.string().min(1);

/** The documented socket messages; unknown fields are fine. */
const Frame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello') }),
  z.object({ type: z.literal('disconnect'), reason: z.string().optional() }),
  z.object({
    type: z.enum(['slash_commands', 'interactive']),
    envelope_id,
    payload: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('events_api'),
    envelope_id,
    payload: z.object({ event: z.object({ type: z.string().min(1) }) }),
  }),
]);

export type SocketFrame = { ok: true; frame: z.infer<typeof Frame> } | { ok: false; why: string };

/** Reads one message of the socket. `why` repeats none of its content, which may be secret. */
export function readSocketFrame(data: unknown, isBinary: boolean): SocketFrame {
  if (isBinary || typeof data !== 'string') return { ok: false, why: 'binary message' };
  const read = z.safeParse(Frame, parsed(data));
  if (read.success) return { ok: true, frame: read.data };
  const [issue] = read.error.issues;
  const where = issue?.path.join('.');
  return { ok: false, why: where ? `invalid ${where}` : 'not a JSON object' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
