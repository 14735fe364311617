import { beforeEach } from 'vitest';

const fields =
  'Lambda closes a form before it is read: what is wrong is said in private, in functions.long.test.ts';
const clock = 'a machine of your own may have a wrong clock; AWS keeps the one of Lambda';

/** The stories that are not told of the functions, with the reason. */
export const onlyInOneProcess: Readonly<Record<string, string>> = {
  'a submission that no form lets through is answered beside its fields': fields,
  'the clock goes back by -3600000 ms while the answer is awaited': clock,
  'the clock goes back by -86400000 ms while the answer is awaited': clock,
  'the clock goes back later, while it is unsure': clock,
};

beforeEach(({ task, skip }) => {
  const why = onlyInOneProcess[task.name];
  if (why !== undefined) skip(why);
});
