import { readFileSync } from 'node:fs';
import { type CgminerClass, commandMatrix, MATRIX_FAMILIES, type VerifiedCommand } from '@headframe/model/matrix';
import { describe, expect, test } from 'vitest';
import { sharedPath } from './shared.ts';

/*
 * The matrix of the model against the tables that it was made from, cell by cell.
 */

const PRINTED = sharedPath('command-matrix.csv');
const VERIFIED = sharedPath('command-matrix-verified.csv');
const CALLS = sharedPath('command-matrix-calls.csv');

type Row = Readonly<Record<string, string>>;

/** RFC 4180, as far as these tables use it. */
function rowsOf(path: string | null): Row[] {
  if (path === null) return [];
  const cells = [...readFileSync(path, 'utf8').matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)];
  const lines: string[][] = [[]];
  for (const [, quotedText, plain = '', end] of cells) {
    lines.at(-1)?.push(quotedText?.replaceAll('""', '"') ?? plain);
    if (end !== ',') lines.push([]);
  }
  const [head = [], ...rows] = lines.filter((line) => line.length > 1);
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ''])));
}

const matrix = commandMatrix();

const stars = (inferred: boolean | undefined) => (inferred === true ? '*' : '');

function cgminerCell(found: CgminerClass | null): string {
  if (found === null) return 'no';
  const builds = { all: '', asic: ' (ASIC builds only)', fpga: ' (FPGA builds only)' }[found.builds];
  return `${found.access} ${found.joinable ? '' : 'not '}joinable${builds}`;
}

const STOCK: Row = { answers: 'answers', denied: '45 access denied', unknown: '14 invalid command' };
const BRAIINS: Row = {
  documented: 'documented',
  'documented, partly works': 'documented, partial',
  'used by clients': 'used by open-source clients',
  'not documented': 'not documented',
};
const LUXOS: Row = { listed: 'yes', 'listed, with session': 'yes, session required', 'not listed': 'not listed' };
const DCENT: Row = {
  answers: 'yes',
  acts: 'acts',
  'acts, not from the LAN': 'acts (LAN refused by default)',
  'acts with session, not from the LAN': 'acts with a session: rewrites the pool set (LAN refused by default)',
  'not supported': 'error: not supported',
  refused: 'refused',
  unknown: '14 invalid command',
};

const verifiedCells = (command: string, { cgminer, families, remarks }: VerifiedCommand) => ({
  command,
  cgminer_4_11_1: cgminerCell(cgminer),
  stock_bmminer_in_binary: families.stock === 'unknown' ? 'no' : 'yes',
  stock_default_acl_result: STOCK[families.stock ?? ''],
  bosminer_4028: BRAIINS[families.braiins ?? ''],
  luxos_vendor_list: LUXOS[families.luxos ?? ''],
  dcent_public_repo: DCENT[families.dcent ?? ''],
  remark: remarks.join('; '),
});

describe('the matrix of the model', () => {
  test.skipIf(PRINTED === null)('says what the page says, cell by cell', () => {
    const expected = rowsOf(PRINTED);
    expect(expected).toHaveLength(50);
    const ours = matrix.commands.map(({ command, params, access, category, description, printed }) => ({
      command,
      params,
      access,
      category,
      ...Object.fromEntries(
        MATRIX_FAMILIES.map((family) => [family, `${printed[family]?.value}${stars(printed[family]?.inferred)}`]),
      ),
      description,
    }));
    expect(ours).toEqual(expected);
  });

  test.skipIf(VERIFIED === null)('says what was verified, cell by cell, the neighbours apart', () => {
    const expected = rowsOf(VERIFIED);
    expect(expected).toHaveLength(59);
    const all = [...matrix.commands, ...matrix.neighbours];
    expect(all.map(({ command, verified }) => verifiedCells(command, verified))).toEqual(expected);
  });

  test.skipIf(CALLS === null)('ties every cell to its real call, or to none', () => {
    const ours = matrix.commands.map(({ command, calls: { antminerCgi, braiinsGrpc, note } }) => ({
      command,
      antminer_cgi: antminerCgi ?? 'none',
      braiins_grpc: braiinsGrpc ?? 'none',
      note,
    }));
    expect(ours).toEqual(rowsOf(CALLS));
  });
});
