import * as z from 'zod';

/** Which page of an overview a button leads to, from 0. It comes back through a browser and is read like any input. */
const PageValue = z.object({ p: z.int().min(0).max(1_000) });

export function writePageValue(page: number): string {
  return JSON.stringify({ p: page });
}

/** Nothing when it is not a value of ours. */
export function readPageValue(text: string): number | undefined {
  try {
    return PageValue.safeParse(JSON.parse(text)).data?.p;
  } catch {
    return undefined;
  }
}
