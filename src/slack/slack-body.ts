import { parse } from 'node:querystring';

export type SlackBody = Record<string, unknown>;

/** What a request says; nothing for a body that is no object. */
export function slackBodyOf(raw: string, contentType: string): SlackBody | undefined {
  try {
    const body: unknown = contentType.startsWith('application/x-www-form-urlencoded')
      ? formOf(raw)
      : JSON.parse(raw);
    return isObject(body) ? { ...body } : undefined;
  } catch {
    return undefined;
  }
}

function formOf(raw: string): unknown {
  const form = parse(raw);
  return typeof form['payload'] === 'string' ? JSON.parse(form['payload']) : form;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
