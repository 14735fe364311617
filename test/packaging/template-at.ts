import { readFileSync } from 'node:fs';
import { parse, type Tags } from 'yaml';

/** CloudFormation's short forms, expanded. */
const customTags: Tags = ['Ref', 'Sub', 'GetAtt', 'If', 'Not', 'Equals', 'Join'].flatMap((name) => {
  const full = name === 'Ref' ? name : `Fn::${name}`;
  const tag = `!${name}`;
  return [
    { tag, resolve: (text: string) => ({ [full]: text }) },
    { tag, collection: 'seq' as const, resolve: (seq: { toJSON(): unknown }) => ({ [full]: seq.toJSON() }) },
  ];
});
/** A CloudFormation template as parsed YAML. */
export function templateAt(path: string) {
  return parse(readFileSync(path, 'utf8'), { customTags });
}
