import {
  buildSchema,
  type DocumentNode,
  executeSync,
  type FieldNode,
  GraphQLError,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLOutputType,
  GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { realText } from './sim-cgminer-values.ts';
import { queries } from './sim-graphql-bos.ts';
import { schemaText } from './sim-graphql-schema.ts';
import { type Asked, mutations } from './sim-graphql-writes.ts';

/*
 * GraphQL over the state of the machine. Its schemas and replies look like async-graphql's: `@ifdef` of 21.09, `data: null`
 * beside errors, whole numbers of 64 bits, and numbers that always have a point (capture of 25.03).
 */

/** How many words a question may have: ours. */
const MOST_TOKENS = 4000;
/** How deep its brackets may be in each other: async-graphql's own limit. */
const DEEPEST = 32;

export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
}

/** A number that has decimals by its type. */
class Real {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

const OUT: ReadonlyMap<unknown, GraphQLScalarType> = new Map<unknown, GraphQLScalarType>([
  [GraphQLInt, new GraphQLScalarType({ name: 'Int', coerceOutputValue: (value) => Math.trunc(Number(value)) })],
  [GraphQLFloat, new GraphQLScalarType({ name: 'Float', coerceOutputValue: (value) => new Real(Number(value)) })],
]);

function outputOf(type: GraphQLOutputType): GraphQLOutputType {
  if (type instanceof GraphQLNonNull) {
    const inner = outputOf(type.ofType);
    return inner instanceof GraphQLNonNull ? inner : new GraphQLNonNull(inner);
  }
  if (type instanceof GraphQLList) return new GraphQLList(outputOf(type.ofType));
  return OUT.get(type) ?? type;
}

const schemas = new Map<string, GraphQLSchema>();

/** The schema of a release, made once. The numbers that it gives out are those of the machine, not of the library. */
function schemaOf(os: number): GraphQLSchema {
  const text = schemaText(os);
  const made = schemas.get(text);
  if (made !== undefined) return made;
  const schema = buildSchema(text);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) field.type = outputOf(field.type);
  }
  schemas.set(text, schema);
  return schema;
}

/** Answers one question. @param partly some of the statistics, and what nobody knows, end in errors beside the data */
export function graphqlReply(asked: Asked, { query, variables, operationName }: Question, partly: boolean): string {
  const schema = schemaOf(asked.machine.release.os);
  let document: DocumentNode;
  if (depthOf(query) > DEEPEST) {
    return refusal([new GraphQLError(`The recursion depth of the query cannot be greater than \`${DEEPEST}\``)]);
  }
  try {
    document = parse(query, { maxTokens: MOST_TOKENS });
  } catch (thrown) {
    if (thrown instanceof GraphQLError) return refusal([thrown]);
    throw thrown;
  }
  const unknown: GraphQLError[] = [];
  const known = withoutUnknown(schema, document, unknown);
  if (unknown.length > 0 && !partly) return refusal(unknown);
  const faults = validate(schema, known);
  if (faults.length > 0) return refusal([...unknown, ...faults]);
  const { data, errors = [] } = executeSync({
    schema,
    document: known,
    rootValue: { ...queries(asked, partly), ...rootOf(known, asked) },
    variableValues: variables ?? {},
    operationName: operationName ?? null,
  });
  const all = [...unknown, ...errors].map((error) => error.toJSON());
  return text({ data: data ?? null, ...(all.length > 0 && { errors: all }) });
}

/** How deep brackets are in each other, those in texts left out. */
function depthOf(query: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [letter] of query.replace(/"(?:[^"\\\n]|\\.)*"/g, '').matchAll(/[{}[\]()]/g)) {
    depth += '{[('.includes(letter) ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Mutations and queries have roots whose members have the same names. */
const rootOf = ({ definitions }: DocumentNode, asked: Asked) =>
  definitions.some((one) => one.kind === 'OperationDefinition' && one.operation === 'mutation') ? mutations(asked) : {};

const refusal = (errors: readonly GraphQLError[]): string =>
  text({ data: null, errors: errors.map((error) => error.toJSON()) });

/** Takes fields away that the schema does not have: in silence those with `@ifdef` where there is that, else with an error. */
function withoutUnknown(schema: GraphQLSchema, document: DocumentNode, errors: GraphQLError[]): DocumentNode {
  const optional = schema.getDirective('ifdef') !== undefined;
  const info = new TypeInfo(schema);
  const Field = (node: FieldNode): null | undefined => {
    const parent = info.getParentType();
    if (!parent || info.getFieldDef()) return undefined;
    const { value } = node.name;
    const isOptional = optional && node.directives?.some(({ name }) => name.value === 'ifdef');
    const message = `Unknown field "${value}" on type "${parent.name}".`;
    if (isOptional !== true) errors.push(new GraphQLError(message, { nodes: node }));
    return null;
  };
  return visit(document, visitWithTypeInfo(info, { Field }));
}

/** As JSON, in the form of the machine's numbers. */
function text(value: unknown): string {
  if (value instanceof Real) return realText(value.value);
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => `${JSON.stringify(name)}:${text(one)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
