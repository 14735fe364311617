/** A variable that serverless.yml or Lambda sets. Throws without it. */
export function variable(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set; serverless.yml or Lambda sets it`);
  return value;
}
