/** What serverless.yml or Lambda sets; without it the function cannot do anything. */
export function variable(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set; serverless.yml or Lambda sets it`);
  return value;
}
