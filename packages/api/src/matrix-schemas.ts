import { type CommandMatrix, MATRIX_FAMILIES, PRINTED_WORDS } from '@headframe/model/matrix';
import { type TSchema, Type } from 'typebox';

/* The command matrix as the daemon gives it. The types are those of `@headframe/model/matrix`. */

const strict = { additionalProperties: false };

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const byFamily = (schema: TSchema, description: string) =>
  Type.Object(Object.fromEntries(MATRIX_FAMILIES.map((family) => [family, Type.Optional(schema)])), {
    ...strict,
    description,
  });
const Words = Type.Record(Type.String(), Type.String());

const Attribution = Type.Object(
  {
    title: Type.String(),
    publisher: Type.String(),
    licence: Type.String(),
    licenceUrl: Type.String(),
    changes: Type.String({ description: 'What is not as the publisher has it' }),
    additions: Type.String({ description: "What is not the publisher's" }),
  },
  { ...strict, description: 'What every copy of the matrix must carry, whole or in part' },
);

const PrintedCell = Type.Object(
  {
    value: Type.Enum(Object.keys(PRINTED_WORDS)),
    inferred: Type.Boolean({ description: 'The word or its column had to be inferred' }),
  },
  strict,
);

const Verified = Type.Object(
  {
    cgminer: orNull(
      Type.Object(
        {
          access: Type.Enum(['read', 'write']),
          joinable: Type.Boolean(),
          builds: Type.Enum(['all', 'asic', 'fpga']),
        },
        { ...strict, description: 'How the real cgminer 4.11.1 takes it; null: no such command' },
      ),
    ),
    families: byFamily(Type.String(), 'A word of `verifiedWords` each'),
    remarks: Type.Array(Type.String()),
  },
  strict,
);

const Row = Type.Object(
  {
    command: Type.String(),
    params: Type.String(),
    access: Type.Enum(['read', 'control']),
    category: Type.String(),
    description: Type.String(),
    mark: orNull(Type.Enum(['legacy-fpga', 'placeholder'])),
    printed: byFamily(PrintedCell, 'What the page prints'),
    verified: Verified,
    differs: Type.Array(Type.Enum([...MATRIX_FAMILIES]), {
      description: 'Where page and verified view disagree about the command working on port 4028',
    }),
    calls: Type.Object(
      {
        antminerCgi: orNull(Type.String({ description: '` | ` parts the newer and the older web interface' })),
        braiinsGrpc: orNull(Type.String({ description: '` + ` joins calls that are needed together' })),
        note: Type.String(),
      },
      { ...strict, description: 'The real calls behind `HTTP CGI` and `gRPC`; null: none of its own' },
    ),
    citation: Type.String(),
  },
  strict,
);

export const CommandMatrixSchema = Type.Unsafe<CommandMatrix>(
  Type.Object(
    {
      attribution: Attribution,
      families: Type.Array(Type.Enum([...MATRIX_FAMILIES])),
      printedWords: Words,
      verifiedWords: byFamily(Words, 'By family, what its words mean'),
      notes: Type.Array(Type.String()),
      commands: Type.Array(Row),
      neighbours: Type.Array(Type.Object({ command: Type.String(), verified: Verified }, strict), {
        description: "Commands beside the page's 50",
      }),
    },
    {
      ...strict,
      description:
        'The commands of port 4028: what a page prints of them (CC BY 4.0, see `attribution`), and what was verified.',
    },
  ),
);
