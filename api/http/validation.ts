import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

const wholeNumber = /^-?\d{1,15}$/;
const decimalNumber = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/**
 * Validates by TypeBox. In path and query the texts of whole numbers, numbers and `true`/`false` become values first, in
 * their plain spelling only: the library's own conversion takes 1.5 for the whole number 1. Bodies are never converted.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  const types = httpPart === 'body' ? [] : plainTypes(schema);
  return (value: unknown) => {
    const read = types.length === 0 ? value : convert(value, types);
    if (compiled.Check(read)) return { value: read };
    return { error: compiled.Errors(read).map((issue) => ({ ...issue, params: { ...issue.params } })) };
  };
};

type PlainType = readonly [name: string, type: string];

function plainTypes(schema: TSchema): PlainType[] {
  const properties = 'properties' in schema ? (schema.properties as Record<string, { type?: string }>) : {};
  return Object.entries(properties).flatMap(([name, { type }]): PlainType[] =>
    type === 'integer' || type === 'number' || type === 'boolean' ? [[name, type]] : [],
  );
}

function convert(value: unknown, types: readonly PlainType[]): unknown {
  const read: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  for (const [name, type] of types) {
    const text = read[name];
    if (typeof text !== 'string') continue;
    if (type === 'boolean') read[name] = text === 'true' ? true : text === 'false' ? false : text;
    else if ((type === 'integer' ? wholeNumber : decimalNumber).test(text)) read[name] = Number(text);
  }
  return read;
}
