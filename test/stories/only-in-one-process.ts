const fields = 'Lambda closes a form before it is read: functions-broken.long.test.ts says what follows';
const clock = 'a machine of your own may have a wrong clock; AWS keeps the one of Lambda';

/** The stories that are not told of the functions, by their titles, with the reason. */
export const onlyInOneProcess: Readonly<Record<string, string>> = {
  'shows errors beside the fields for a submission that no form allows': fields,
  'the clock goes back by %d ms while waiting for the answer': clock,
  'the clock goes back later, while it is unsure': clock,
};

export function whyOnlyInOneProcess(name: string): string | undefined {
  const [, why] =
    Object.entries(onlyInOneProcess).find(([title]) =>
      title.includes('%d') ? title.split('%d').every((part) => name.includes(part)) : title === name,
    ) ?? [];
  return why;
}
