/** What serverless.yml sets; without it the function cannot do anything. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; serverless.yml sets it`);
  return value;
}
