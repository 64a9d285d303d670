import { describe, expect, test } from 'vitest';
import {
  commandMatrix,
  expectedAsVerified,
  expectedByPage,
  MATRIX_FAMILIES,
  type MatrixFamily,
  type MatrixRow,
  matrixAsCsv,
  matrixAsJson,
  matrixCommands,
} from './index.ts';

const matrix = commandMatrix();
const rowOf = (command: string): MatrixRow => {
  const row = matrix.commands.find((one) => one.command === command);
  if (row === undefined) throw new Error(`no ${command}`);
  return row;
};
const countOf = (family: MatrixFamily): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { printed } of matrix.commands) {
    const word = printed[family]?.value ?? '?';
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
};
const differing = (family: MatrixFamily) =>
  matrix.commands.filter(({ differs }) => differs.includes(family)).map(({ command }) => command);

describe('the printed view', () => {
  test('has 50 commands, half of them control-class', () => {
    expect(matrix.commands).toHaveLength(50);
    expect(new Set(matrixCommands()).size).toBe(50);
    expect(matrix.commands.filter(({ access }) => access === 'control')).toHaveLength(25);
    expect(matrix.commands.filter(({ access }) => access === 'read')).toHaveLength(25);
  });

  test('has the words of each column as often as the page', () => {
    expect(countOf('stock')).toEqual({ Read: 20, 'HTTP CGI': 20, '—': 10 });
    expect(countOf('braiins')).toEqual({ Read: 18, gRPC: 22, '—': 10 });
    expect(countOf('luxos')).toEqual({ Read: 24, Control: 22, '—': 4 });
    expect(countOf('dcent')).toEqual({ Beta: 19, TBD: 31 });
  });

  test('marks all 24 restored dashes as inferred, in 17 rows', () => {
    const dashes = matrix.commands.flatMap(({ command, printed }) =>
      MATRIX_FAMILIES.filter((family) => printed[family]?.value === '—').map((family) => ({ command, family })),
    );
    expect(dashes).toHaveLength(24);
    expect(new Set(dashes.map(({ command }) => command)).size).toBe(17);
    for (const { command, family } of dashes) expect(rowOf(command).printed[family]?.inferred).toBe(true);
    expect(rowOf('kill').printed.luxos).toEqual({ value: 'Control', inferred: true });
    expect(rowOf('summary').printed.stock).toEqual({ value: 'Read', inferred: false });
  });

  test('marks the legacy rows and the placeholders', () => {
    const marked = (mark: string) => matrix.commands.filter((row) => row.mark === mark).map(({ command }) => command);
    expect(marked('legacy-fpga')).toEqual(['pga', 'pgaenable', 'pgadisable', 'pgaidentify']);
    expect(marked('placeholder')).toEqual(['coin', 'lcd']);
  });
});

describe('the verified view', () => {
  test('stock firmware answers five commands under its factory list, and refuses check itself', () => {
    const answering = matrix.commands.filter(({ verified }) => verified.families.stock === 'answers');
    expect(answering.map(({ command }) => command).sort()).toEqual(['devs', 'pools', 'stats', 'summary', 'version']);
    expect(rowOf('check').verified.families.stock).toBe('denied');
    expect(rowOf('fans').verified.families.stock).toBe('unknown');
  });

  test('cgminer takes privileged, debug and lockstats for writes, whatever the page says', () => {
    for (const command of ['privileged', 'debug', 'lockstats']) {
      expect(rowOf(command).access).toBe('read');
      expect(rowOf(command).verified.cgminer?.access).toBe('write');
    }
    expect(rowOf('lockstats').verified.cgminer).toEqual({ access: 'write', joinable: true, builds: 'all' });
    expect(rowOf('pga').verified.cgminer).toEqual({ access: 'read', joinable: false, builds: 'fpga' });
    expect(rowOf('curtail').verified.cgminer).toBeNull();
  });

  test('DCENT_OS answers or acts on 19 of the 50, says of 4 that it does not, refuses one, and knows 26 not', () => {
    const words = matrix.commands.map(({ verified }) => verified.families.dcent ?? '?');
    expect(words.filter((word) => word === 'answers' || word.startsWith('acts'))).toHaveLength(19);
    expect(words.filter((word) => word === 'not supported')).toHaveLength(4);
    expect(words.filter((word) => word === 'refused')).toHaveLength(1);
    expect(words.filter((word) => word === 'unknown')).toHaveLength(26);
  });

  test('disagrees with the page where the page is wrong about port 4028', () => {
    expect(differing('stock')).toHaveLength(15);
    expect(differing('luxos')).toHaveLength(16);
    expect(differing('braiins').sort()).toEqual(
      ['notify', 'privileged', 'switchpool', 'enablepool', 'disablepool', 'addpool', 'removepool', 'tempctrl'].sort(),
    );
    expect(differing('dcent')).toContain('restart');
    expect(differing('dcent')).not.toContain('quit');
  });

  test('keeps the neighbours of the 50 apart', () => {
    expect(matrix.neighbours.map(({ command }) => command)).toEqual([
      'pgacount',
      'pgaset',
      'ascidentify',
      'usbstats',
      'dbgstats',
      'noncenum',
      'tunerstatus',
      'pause',
      'resume',
    ]);
  });
});

describe('the real calls', () => {
  test('5 of the 20 HTTP CGI cells have one', () => {
    const cells = matrix.commands.filter(({ printed }) => printed.stock?.value === 'HTTP CGI');
    const real = cells.filter(({ calls }) => calls.antminerCgi !== null).map(({ command }) => command);
    expect(real).toEqual(['switchpool', 'addpool', 'removepool', 'poolpriority', 'quit']);
  });

  test('16 of the 22 gRPC cells have one', () => {
    const cells = matrix.commands.filter(({ printed }) => printed.braiins?.value === 'gRPC');
    const none = cells.filter(({ calls }) => calls.braiinsGrpc === null).map(({ command }) => command);
    expect(cells).toHaveLength(22);
    expect(none).toEqual(['save', 'ascset', 'setconfig', 'zero', 'failover-only', 'logoff']);
  });
});

describe('what a device is held to', () => {
  test('a read of the page must answer, a dash must not', () => {
    expect(expectedByPage(rowOf('fans'), 'stock')).toEqual(['usable']);
    expect(expectedByPage(rowOf('power'), 'stock')).toEqual(['denied', 'absent']);
    expect(expectedByPage(rowOf('fans'), 'cgminer')).toBeNull();
  });

  test('a write-class command of cgminer may be refused or not, an ASIC command may be missing', () => {
    expect(expectedAsVerified(rowOf('save').verified, 'cgminer')).toEqual(['usable', 'denied']);
    expect(expectedAsVerified(rowOf('asc').verified, 'cgminer')).toEqual(['usable', 'absent']);
    expect(expectedAsVerified(rowOf('fans').verified, 'cgminer')).toEqual(['absent']);
    expect(expectedAsVerified(rowOf('config').verified, 'stock')).toEqual(['denied']);
    expect(expectedAsVerified(rowOf('fans').verified, 'luxos')).toEqual(['usable']);
  });
});

describe('a copy', () => {
  const carries = (text: string) => {
    for (const part of ['D-Central', 'CC BY 4.0', 'https://creativecommons.org/licenses/by/4.0/', '24 dashes restored'])
      expect(text).toContain(part);
  };

  test('as CSV has publisher, licence and changes in comment lines before its head', () => {
    const csv = matrixAsCsv(commandMatrix({ commands: ['addpool'], families: ['stock'] }));
    const [head = '', row = '', ...more] = csv.split('\n').filter((line) => !line.startsWith('#'));
    carries(csv.slice(0, csv.indexOf(head)));
    expect(head).toBe(
      'command,params,access,category,description,mark,stock_printed,stock_inferred,stock_verified,stock_differs,' +
        'cgminer_verified,remark,antminer_cgi,braiins_grpc,calls_note,citation',
    );
    expect(row).toMatch(/^addpool,"url,user,password",control,Pools,.*,,HTTP CGI,,denied,,write,/);
    expect(row).toContain(',POST /cgi-bin/set_miner_conf.cgi,PoolService.UpdatePoolGroup,');
    expect(row).toMatch(/"Headframe protocol notes 1\.4, 2\.6, 7\.4, 8, 9"$/);
    expect(more).toEqual(['']);
  });

  test('as JSON has them in fields, of a part as well', () => {
    const json = JSON.parse(matrixAsJson(commandMatrix({ commands: ['pause'], families: ['luxos'] })));
    carries(JSON.stringify(json.attribution));
    expect(json.attribution).toMatchObject({ publisher: 'D-Central', licence: 'CC BY 4.0' });
    expect(json.commands).toEqual([]);
    expect(json.neighbours).toEqual([
      { command: 'pause', verified: { cgminer: null, families: { luxos: 'not listed' }, remarks: [] } },
    ]);
  });

  test('says that profiles are operating points, and what is not part of it', () => {
    const notes = matrix.notes.join(' ');
    expect(notes).toContain('operating points at run time, not factory presets');
    expect(notes).toContain('Stratum V2');
    expect(notes).toContain('web flasher');
  });
});
