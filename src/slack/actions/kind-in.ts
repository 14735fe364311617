/** A bot's user, or a step of a workflow, in whose name something was clicked. */
export function kindIn(
  body: Record<string, unknown>,
  user: Record<string, unknown> | undefined,
): { kind?: 'bot' | 'workflow' } {
  if (body['function_data'] !== undefined || body['interactivity'] !== undefined) return { kind: 'workflow' };
  const isBot = user?.['is_bot'] === true || user?.['id'] === 'USLACKBOT' || body['bot_id'] !== undefined;
  return isBot ? { kind: 'bot' } : {};
}
