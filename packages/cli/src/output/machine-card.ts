import {
  type Disagreement,
  formatAge,
  formatCount,
  formatDuration,
  formatEfficiency,
  formatHashrate,
  formatPower,
  formatQuantity,
  formatTemp,
  type Gap,
  type Hashboard,
  machineName,
  type Pool,
  type Snapshot,
  UNKNOWN,
} from '@headframe/model';
import { oneLine, wrap } from './plain-text.ts';
import { type Column, table } from './table.ts';

interface CardOptions {
  readonly chips?: boolean | undefined;
  /** Of its family, for a person. */
  readonly title?: string;
}

/** One machine for a person: who it is, what is wrong, how it is, then boards, fans and pools. At most 80 columns. */
export function machineCard(snapshot: Snapshot, now: number, options: CardOptions = {}): string {
  const parts = [head(snapshot, now, options.title), boards(snapshot), fans(snapshot), pools(snapshot, now)];
  if (options.chips) parts.push(...snapshot.hashboards.map(chips));
  parts.push(disagreements(snapshot.disagreements ?? []), gaps(snapshot.gaps), repairs(snapshot), sources(snapshot));
  return `${parts.filter((part) => part !== '').join('\n')}`;
}

function head(s: Snapshot, now: number, title?: string): string {
  const { identity: id, hashrate, shares } = s;
  const name = id.model === null ? [id.make, 'unknown model'] : [machineName(id.make, id.model)];
  const firmware = [id.firmware, id.firmwareVersion].filter((part) => part !== null).join(' ');
  const rate = [
    `${formatHashrate(hashrate.currentHs)}${window(hashrate.currentWindowS)}`,
    `average ${formatHashrate(hashrate.averageHs)}`,
    `nominal ${formatHashrate(hashrate.nominalHs)}`,
  ].join(', ');
  const power = [
    `${formatPower(s.powerW)}${s.powerBasis === null ? '' : ` ${s.powerBasis}`}`,
    formatEfficiency(s.efficiencyJTh),
    ...(s.powerLimitW === null ? [] : [`limit ${formatPower(s.powerLimitW)}`]),
  ].join(', ');
  const lines: [string, string | null][] = [
    ['state', s.state],
    ...s.faults.map((fault): [string, string] => [
      'fault',
      [fault.code, fault.vendorCode, fault.text].filter((p) => p !== null).join(', '),
    ]),
    ['firmware', firmware === '' ? null : firmware],
    ['hashrate', rate],
    ['power', s.powerW === null && s.powerLimitW === null ? null : power],
    ['ambient', s.ambientTempC === null ? null : formatTemp(s.ambientTempC)],
    ['wifi', s.wifiRssiDbm == null ? null : formatQuantity(s.wifiRssiDbm, 'dBm')],
    ['uptime', s.minerUptimeS === null ? null : formatDuration(s.minerUptimeS)],
    ['shares', `${num(shares.accepted)} accepted, ${num(shares.rejected)} rejected, ${num(shares.stale)} stale`],
    ['best share', shares.sessionBestDifficulty === null ? null : formatCount(shares.sessionBestDifficulty)],
    ['hw errors', s.hardwareErrors === null ? null : num(s.hardwareErrors)],
    ['mac', id.mac],
    ['serial', id.serial],
    ['hostname', id.hostname],
    ['read', `${formatAge(now - s.at)} ago, ${id.family}${title === undefined ? '' : `: ${title}`}`],
  ];
  const shown = lines.filter((line): line is [string, string] => line[1] !== null);
  return `${oneLine(`${s.address}  ${name.filter((part) => part !== null).join(' ')}`)}\n${shown
    .map(([label, value]) => wrap(value, `  ${label.padEnd(11)}`, ' '.repeat(13)))
    .join('')}`;
}

const num = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-US'));
const window = (seconds: number | null): string => (seconds === null || seconds === 0 ? '' : ` (${seconds} s)`);

const bare = (value: number | null, digits = 0): string => (value === null ? '–' : value.toFixed(digits));

function boards({ hashboards }: Snapshot): string {
  if (hashboards.length === 0) return '';
  const columns: Column<Hashboard>[] = [
    { head: 'board', right: true, cell: (b) => String(b.slot) },
    { head: 'label', cut: true, cell: (b) => b.label ?? '' },
    { head: 'state', cell: (b) => b.state },
    { head: 'hashrate', right: true, cell: (b) => formatHashrate(b.hashrateHs) },
    { head: '°C', right: true, cell: (b) => bare(b.tempC) },
    { head: 'chip °C', right: true, cell: (b) => range(b.chipTempMinC, b.chipTempMaxC) },
    { head: 'MHz', right: true, cell: (b) => bare(b.frequencyMHz) },
    { head: 'V', right: true, cell: (b) => bare(b.voltageV, 2) },
    { head: 'chips', right: true, cell: (b) => `${bare(b.chipsWorking)}/${bare(b.chipsExpected)}` },
    { head: 'hw err', right: true, cell: (b) => bare(b.hardwareErrors) },
  ];
  return table(hashboards, used(columns, hashboards));
}

const range = (low: number | null, high: number | null): string =>
  low === null ? bare(high) : `${bare(low)}–${bare(high)}`;

/** Columns in which at least one row says something. */
function used<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Column<Row>[] {
  return columns.filter((column) => rows.some((row) => !/^[–/]*$/.test(column.cell(row))));
}

function fans({ fans: all, psu }: Snapshot): string {
  if (all.length === 0) return '';
  const words = all.map((fan) => `${fan.label ?? fan.slot + 1}: ${fan.rpm === null ? '–' : fan.rpm} rpm`);
  const percent = all[0]?.percent ?? null;
  const supply = psu?.fanRpm == null ? '' : `, supply: ${psu.fanRpm} rpm`;
  return wrap(`fans ${words.join(', ')}${percent === null ? '' : ` (${Math.round(percent)} %)`}${supply}`, '', '     ');
}

function pools({ pools: all }: Snapshot, now: number): string {
  if (all.length === 0) return '';
  const columns: Column<Pool>[] = [
    { head: 'pool', right: true, cell: (p) => `${p.active === true ? '*' : ''}${p.index}` },
    { head: 'status', cell: (p) => p.status },
    // Nearly every pool is one of plain Stratum; what differs shows.
    { head: 'url', cut: true, cell: (p) => p.url?.replace(/^stratum\+tcp:\/\//, '') ?? '' },
    { head: 'worker', cut: true, cell: (p) => p.worker ?? '' },
    {
      head: 'last share',
      right: true,
      // Without a count nobody can tell "never" from "not exposed".
      cell: (p) => (p.lastShareAt !== null ? formatAge(now - p.lastShareAt) : p.accepted === 0 ? 'never' : UNKNOWN),
    },
  ];
  return table(all, columns);
}

function chips(board: Hashboard): string {
  if (board.chips.length === 0) return '';
  const marks = { ok: 'o', weak: 'w', dead: 'x', unknown: '?' } as const;
  const map = board.chips.map((chip) => marks[chip.state]).join('');
  return `chips of board ${board.slot} (o works, w weak, x dead)\n${(map.match(/.{1,72}/g) ?? []).map((l) => `  ${l}\n`).join('')}`;
}

/** What two doors of the machine say that cannot both be true, the one that was believed first. */
function disagreements(all: readonly Disagreement[]): string {
  if (all.length === 0) return '';
  const parts = all.map(({ path, believed, other, why }) => {
    const words = `${named(path)}: ${believed.value} (${believed.reply}), not ${other.value} (${other.reply}); ${why}`;
    return wrap(words, '  ', '    ');
  });
  return `its doors disagree\n${parts.join('')}`;
}

const named = (path: string): string => path.slice(1).replaceAll('/', '.');

/** What is missing, by its reason; the boards of one kind in one word, `hashboards.*.serial`. */
function gaps(all: readonly Gap[]): string {
  if (all.length === 0) return '';
  const words = { failed: 'failed', denied: 'denied', 'not-read': 'not asked' } as const;
  const lines = new Map<string, Set<string>>();
  for (const gap of all) {
    const why = `${words[gap.reason]}${gap.error === null ? '' : `: ${gap.error.message}`}`;
    const path = gap.path.slice(1).replace(/\/\d+/g, '/*').replaceAll('/', '.');
    lines.set(why, (lines.get(why) ?? new Set()).add(path));
  }
  const parts = [...lines].map(([why, paths]) => `${wrap(`${[...paths].join(', ')}:`, '  ')}${wrap(why, '    ')}`);
  return `not in this reading\n${parts.join('')}`;
}

function repairs({ replies }: Snapshot): string {
  const repaired = replies.filter((reply) => reply.repairs.length > 0);
  if (repaired.length === 0) return '';
  const words = repaired.map((reply) => `${reply.id} (${[...new Set(reply.repairs.map((r) => r.kind))].join(', ')})`);
  return wrap(`repaired replies: ${words.join('; ')}`, '');
}

/** Which field of which reply each value came from. */
function sources({ sources: all = {} }: Snapshot): string {
  const entries = Object.entries(all);
  if (entries.length === 0) return '';
  return table(entries, [
    { head: 'value', cut: true, cell: ([pointer]) => pointer.slice(1).replaceAll('/', '.') },
    { head: 'reply', cell: ([, { reply }]) => reply },
    { head: 'field', cut: true, cell: ([, { field }]) => field },
  ]);
}
