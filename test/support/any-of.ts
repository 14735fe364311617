import fc, { type Arbitrary } from 'fast-check';
import type * as z from 'zod';

/** Fields that a newer version may have added to any record. */
const strangeFields = fc.dictionary(fc.constantFrom('strange', 'pauseUntil', 'constructor'), fc.jsonValue(), {
  maxKeys: 2,
});

/** Any value that the schema accepts, as JSON, with unknown fields in every record. */
export function anyOf(schema: z.core.$ZodType): Arbitrary<unknown> {
  return inside(schema).map((value) => JSON.parse(JSON.stringify(value)));
}

/** `undefined` means that a field is left out. */
function inside(schema: z.core.$ZodType): Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return recordOf(def.shape);
    case 'array':
      return fc.array(inside(def.element), { maxLength: 3 });
    case 'union':
      return fc.oneof(...def.options.map(inside));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'string':
      return fc.string({ maxLength: 12 });
    case 'number':
      return fc.nat();
    case 'boolean':
      return fc.boolean();
    case 'optional':
      return fc.option(inside(def.innerType), { nil: undefined });
    case 'nullable':
    case 'readonly':
    case 'catch':
      return inside(def.innerType);
    case 'pipe':
      return inside(def.in._zod.def.type === 'transform' ? def.out : def.in);
    default:
      throw new Error(`Say here what a ${def.type} may be.`);
  }
}

function recordOf(shape: Readonly<Record<string, z.core.$ZodType>>): Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, inside(field)]));
  return fc.tuple(strangeFields, fc.record(fields)).map(([strange, known]) => ({ ...strange, ...known }));
}
