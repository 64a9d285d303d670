import { type Chip, type Fan, type Hashboard, LABELS, type Psu, type Snapshot, type Unit } from '@headframe/model';
import { degrees, inUnit, rateUnit } from '../data/units.ts';
import { TEXTS } from '../texts.ts';
import classes from './detail.module.css';
import { Facts, ListTable, Section, saying } from './section.tsx';

const head = (key: string): string => LABELS[key]?.head ?? key;
const rounded = (digits: number) => (value: number | null) => (value === null ? '–' : String(+value.toFixed(digits)));

export function Hashboards({ boards }: { boards: Snapshot['hashboards'] }) {
  if (boards.length === 0) return null;
  const rate = rateUnit(boards.map(({ nominalHs, hashrateHs }) => nominalHs ?? hashrateHs));
  const number = (name: keyof Hashboard, unit: string, format: (value: number | null) => string) => ({
    head: head(`hashboard.${name}`),
    unit,
    isNumber: true,
    value: (board: Hashboard) => board[name],
    cell: (board: Hashboard) => format(board[name] as number | null),
  });
  const chips = ({ chipsWorking, chipsExpected }: Hashboard) =>
    chipsExpected === null ? rounded(0)(chipsWorking) : `${chipsWorking ?? '–'} / ${chipsExpected}`;
  const columns = [
    {
      head: head('hashboard.slot'),
      value: (board: Hashboard) => board.slot,
      cell: (b: Hashboard) => b.label ?? b.slot,
    },
    { head: head('hashboard.state'), value: (board: Hashboard) => board.state, cell: (b: Hashboard) => b.state },
    number('hashrateHs', rate.name, (value) => inUnit(value, rate)),
    number('nominalHs', rate.name, (value) => inUnit(value, rate)),
    number('tempC', '°C', degrees),
    number('inletTempC', '°C', degrees),
    number('outletTempC', '°C', degrees),
    number('chipTempMinC', '°C', degrees),
    number('chipTempMaxC', '°C', degrees),
    number('frequencyMHz', 'MHz', rounded(0)),
    number('voltageV', 'V', rounded(2)),
    number('powerW', 'W', rounded(0)),
    {
      head: head('hashboard.chipsWorking'),
      isNumber: true,
      value: (board: Hashboard) => board.chipsWorking ?? board.chipsExpected,
      cell: chips,
    },
    number('hardwareErrors', '', rounded(0)),
    { head: head('hashboard.serial'), value: (board: Hashboard) => board.serial, cell: (b: Hashboard) => b.serial },
  ];
  return (
    <Section title={TEXTS.sections.hashboards} wide>
      <ListTable columns={saying(boards, columns)} items={boards} keyOf={({ slot }) => slot} />
    </Section>
  );
}

/** Every chip as a cell; what is not well has a sign of its own, not only a colour. */
export function Chips({ boards }: { boards: Snapshot['hashboards'] }) {
  const withChips = boards.filter(({ chips }) => chips.length > 0);
  if (withChips.length === 0) return null;
  return (
    <Section title={TEXTS.sections.chips} wide>
      {withChips.map(({ slot, label, chips }) => (
        <div key={slot} className={classes.chipBoard}>
          <h3>
            {label ?? slot}: {TEXTS.chipsOk(chips.filter(({ state }) => state === 'ok').length, chips.length)}
          </h3>
          <ul className={classes.chips}>
            {chips.map((chip) => (
              <li key={chip.index} data-state={chip.state} title={chipTitle(chip)}>
                {CHIP_SIGNS[chip.state]}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Section>
  );
}

const CHIP_SIGNS: Record<Chip['state'], string> = { ok: '', weak: '–', dead: '×', unknown: '?' };

const chipTitle = ({ index, state, tempC, frequencyMHz, voltageV }: Chip): string =>
  [
    `${head('chip.index')} ${index}: ${state}`,
    tempC === null ? '' : `${tempC} °C`,
    frequencyMHz === null ? '' : `${frequencyMHz} MHz`,
    voltageV === null ? '' : `${voltageV} V`,
  ]
    .filter((part) => part !== '')
    .join(', ');

export function Fans({ fans }: { fans: readonly Fan[] }) {
  if (fans.length === 0) return null;
  const columns = saying(fans, [
    { head: head('fan.slot'), value: ({ slot }: Fan) => slot, cell: ({ slot, label }: Fan) => label ?? slot },
    {
      head: head('fan.rpm'),
      unit: 'rpm',
      isNumber: true,
      value: ({ rpm }: Fan) => rpm,
      cell: ({ rpm }: Fan) => rpm ?? '–',
    },
    {
      head: head('fan.percent'),
      unit: '%',
      isNumber: true,
      value: ({ percent }: Fan) => percent,
      cell: ({ percent }: Fan) => rounded(0)(percent),
    },
  ]);
  return (
    <Section title={TEXTS.sections.fans}>
      <ListTable columns={columns} items={fans} keyOf={({ slot }) => slot} />
    </Section>
  );
}

const PSU_UNITS: Partial<Record<keyof Psu, Unit>> = {
  inputVoltageV: 'V',
  inputCurrentA: 'A',
  inputPowerW: 'W',
  outputVoltageV: 'V',
  outputCurrentA: 'A',
  fanRpm: 'rpm',
  tempC: '°C',
};

export function PowerSupply({ psu }: { psu: Psu | null }) {
  if (psu === null) return null;
  const facts = Object.entries(psu)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({
      label: head(`psu.${name}`),
      value: typeof value === 'number' ? `${+value.toFixed(2)} ${PSU_UNITS[name as keyof Psu] ?? ''}` : value,
    }));
  return (
    <Section title={TEXTS.sections.psu}>
      <Facts facts={facts} />
    </Section>
  );
}
