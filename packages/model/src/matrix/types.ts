import type { MatrixAttribution } from './attribution.ts';

/** The firmware families that the page has a column for, in its order. */
export const MATRIX_FAMILIES = ['stock', 'braiins', 'luxos', 'dcent'] as const;
export type MatrixFamily = (typeof MATRIX_FAMILIES)[number];

export const MATRIX_FAMILY_TITLES: Readonly<Record<MatrixFamily, string>> = {
  stock: 'Stock Antminer',
  braiins: 'Braiins OS',
  luxos: 'LuxOS',
  dcent: 'DCENT_OS',
};

/** What a command does: the page's first axis. The second one is how each family exposes it, {@link PrintedWord}. */
export type MatrixAccess = 'read' | 'control';

/** The words of the page's cells, as printed, and what its legend says of them. */
export const PRINTED_WORDS = {
  Read: 'read on port 4028',
  Control: 'write or control on port 4028',
  gRPC: 'not on port 4028: Braiins gRPC, port 50051',
  'HTTP CGI': 'not on port 4028: the stock web interface, /cgi-bin',
  '—': 'not on that socket',
  Beta: 'a target of the closed beta of DCENT_OS',
  TBD: 'to be decided; not on that socket',
} as const;
export type PrintedWord = keyof typeof PRINTED_WORDS;

/** A cell as the data write it: the star says that the word or its column had to be inferred. */
export type StarredWord = PrintedWord | `${PrintedWord}*`;

/** command, parameters, access, category, stock, Braiins, LuxOS, DCENT_OS */
export type PrintedRow = readonly [string, string, MatrixAccess, string, ...Four<StarredWord>];
type Four<T> = readonly [T, T, T, T];

/** What was found out, by family, and how sure it is. */
export const VERIFIED_WORDS = {
  stock: {
    answers: 'answered under the factory address list',
    denied: 'code 45: known to the program, refused by the factory address list',
    unknown: 'code 14: no such command in the program',
  },
  braiins: {
    documented: "in Braiins' own list for port 4028",
    'documented, partly works': "in Braiins' own list as partly working; lost at restart",
    'used by clients': 'not in the list; open-source clients use it',
    'not documented': 'not in the list, and no client is known to use it',
  },
  luxos: {
    listed: "in Luxor's own command list",
    'listed, with session': "in Luxor's own list; wants a session id first",
    'not listed': "not in Luxor's own list",
  },
  dcent: {
    answers: 'answers, by its public source',
    acts: 'acts, by its public source',
    'acts, not from the LAN': 'acts; a request from the LAN is refused by default',
    'acts with session, not from the LAN':
      'acts with a session id and rewrites the whole pool set; a request from the LAN is refused by default',
    'not supported': 'known, and answers only that it is not supported',
    refused: 'known, and refused on purpose',
    unknown: 'code 14: no such command',
  },
} as const satisfies Record<MatrixFamily, Record<string, string>>;

export type VerifiedWord<F extends MatrixFamily = MatrixFamily> = F extends MatrixFamily
  ? keyof (typeof VERIFIED_WORDS)[F]
  : never;

/** R read, W write, + may be joined with others; the kind of build that has it; - none. */
export type CgminerCell = `${'R' | 'W'}${'' | '+'}${'' | ' asic' | ' fpga'}` | '-';

/** cgminer, stock, Braiins, LuxOS, DCENT_OS, remarks */
export type VerifiedCells = readonly [
  CgminerCell,
  VerifiedWord<'stock'>,
  VerifiedWord<'braiins'>,
  VerifiedWord<'luxos'>,
  VerifiedWord<'dcent'>,
  ...string[],
];

/** CGI, gRPC, a note */
export type CallCells = readonly [string | null, string | null, string];

export interface PrintedCell {
  readonly value: PrintedWord;
  /** The page's rows are run together: this word, or the column it stands in, is an inference. */
  readonly inferred: boolean;
}

/** How the real cgminer 4.11.1 takes a command; null: it has no such command (code 14). */
export interface CgminerClass {
  /** What its address list parts: a reader may use `read`, `write` takes a caller with write access. */
  readonly access: 'read' | 'write';
  readonly joinable: boolean;
  /** Which builds have it. */
  readonly builds: 'all' | 'asic' | 'fpga';
}

export interface VerifiedCommand {
  readonly cgminer: CgminerClass | null;
  /** A word of {@link VERIFIED_WORDS} per family. */
  readonly families: { readonly [F in MatrixFamily]?: VerifiedWord<F> };
  readonly remarks: readonly string[];
}

/** The real calls behind `HTTP CGI` and `gRPC`; null where there is none of its own, then the note has the nearest. */
export interface MatrixCalls {
  /** ` | ` parts the newer and the older web interface, ` + ` joins calls that are needed together. */
  readonly antminerCgi: string | null;
  readonly braiinsGrpc: string | null;
  readonly note: string;
}

/** `legacy-fpga`: only builds with an FPGA driver have it. `placeholder`: kept for compatibility, says little. */
export type MatrixMark = 'legacy-fpga' | 'placeholder';

/** One command: what the page prints of it, and what was verified. */
export interface MatrixRow {
  readonly command: string;
  readonly params: string;
  readonly access: MatrixAccess;
  readonly category: string;
  readonly description: string;
  readonly mark: MatrixMark | null;
  readonly printed: { readonly [F in MatrixFamily]?: PrintedCell };
  readonly verified: VerifiedCommand;
  /** The families of which the page says one thing and what was verified another: whether it works on port 4028. */
  readonly differs: readonly MatrixFamily[];
  readonly calls: MatrixCalls;
  readonly citation: string;
}

/** A command beside those of the page, found in the same places. */
export interface MatrixNeighbour {
  readonly command: string;
  readonly verified: VerifiedCommand;
}

/** The matrix, or a part of it, with all that a copy of it must carry. */
export interface CommandMatrix {
  readonly attribution: MatrixAttribution;
  /** The columns in it. */
  readonly families: readonly MatrixFamily[];
  readonly printedWords: Readonly<Record<string, string>>;
  readonly verifiedWords: { readonly [F in MatrixFamily]?: Readonly<Record<string, string>> };
  readonly notes: readonly string[];
  readonly commands: readonly MatrixRow[];
  readonly neighbours: readonly MatrixNeighbour[];
}
