import type { Template } from './package-in-a-clone.ts';

/**
 * Whether a condition of the template holds. It supports `!Not [!Equals [one, other]]`, which is all that is
 * used.
 */
function holds({ Conditions }: Template, name: string): boolean {
  const [equals] = Object(Conditions[name])['Fn::Not'];
  const [one, other] = equals['Fn::Equals'];
  return one !== other;
}

/** A part of the template with each `!If` resolved as CloudFormation does; what is removed is undefined. */
export function resolved(template: Template, part: unknown): unknown {
  if (Array.isArray(part)) return part.map((one) => resolved(template, one));
  if (typeof part !== 'object' || part === null) return part;
  const { 'Fn::If': choice, Ref } = Object(part);
  if (Ref === 'AWS::NoValue') return undefined;
  if (choice) return resolved(template, holds(template, choice[0]) ? choice[1] : choice[2]);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(template, value)]));
}

/** Whether CloudFormation creates a resource. */
export function isThere(template: Template, name: string): boolean {
  const resource = template.Resources[name];
  return resource !== undefined && (resource.Condition === undefined || holds(template, resource.Condition));
}
