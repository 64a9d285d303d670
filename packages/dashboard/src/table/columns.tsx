import type { MinerRow } from '@headframe/api';
import { Link } from '@tanstack/react-router';
import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import type { SortKey } from '../data/order.ts';
import { degrees, inUnit, isTiny, kilowatts, poolHost, poolName, type RateUnit } from '../data/units.ts';
import { Age } from '../parts/age.tsx';
import { StateMark } from '../parts/marks.tsx';
import { TEXTS } from '../texts.ts';
import classes from './fleet-table.module.css';

/** Rows come in the order that `useOrder` decides: the table itself sorts nothing. */
export const features = tableFeatures({});

const helper = createColumnHelper<typeof features, MinerRow>();

export interface ColumnInfo {
  readonly id: Exclude<SortKey, 'sick'>;
  readonly head: string;
  /** Stands once, in the head. */
  readonly unit: string | null;
  /** Numbers stand at the right. */
  readonly isNumber: boolean;
}

/** What the heads say, in the order of the columns. */
export const columnInfos = (rate: RateUnit): readonly ColumnInfo[] => {
  const { columns } = TEXTS;
  const text = (id: ColumnInfo['id'] & keyof typeof columns): ColumnInfo => {
    return { id, head: columns[id], unit: null, isNumber: false };
  };
  const number = (id: ColumnInfo['id'] & keyof typeof columns, unit: string | null): ColumnInfo => {
    return { id, head: columns[id], unit, isNumber: true };
  };
  return [
    text('state'),
    text('model'),
    text('firmware'),
    text('address'),
    number('hashrate', rate.name),
    number('nominal', rate.name),
    number('board', '°C'),
    number('chip', '°C'),
    number('power', 'kW'),
    text('pool'),
    text('worker'),
    number('age', null),
  ];
};

/** The cells. Made anew only when the unit of the fleet changes. */
export function columnsFor(rate: RateUnit) {
  const column = (id: ColumnInfo['id'], cell: (row: MinerRow) => React.ReactNode) =>
    helper.display({ id, cell: ({ row }) => cell(row.original) });
  return helper.columns([
    column('state', (row) => <StateMark row={row} />),
    column('model', (row) => <ModelCell row={row} />),
    column('firmware', ({ family, firmware, firmwareVersion }) => (
      <Text text={firmwareName(family, firmware, firmwareVersion)} />
    )),
    column('address', ({ address }) => <Text text={address} />),
    column('hashrate', ({ hashrateHs }) => (
      <span className={classes.main} data-tiny={isTiny(hashrateHs, rate)}>
        {inUnit(hashrateHs, rate)}
      </span>
    )),
    column('nominal', ({ nominalHs }) => <span data-tiny={isTiny(nominalHs, rate)}>{inUnit(nominalHs, rate)}</span>),
    column('board', ({ boardTempMaxC }) => degrees(boardTempMaxC)),
    column('chip', ({ chipTempMaxC }) => degrees(chipTempMaxC)),
    column('power', ({ powerW }) => kilowatts(powerW)),
    column('pool', ({ pool }) => <Text text={poolHost(pool)} full={poolName(pool)} />),
    column('worker', ({ worker }) => <Text text={worker ?? '–'} />),
    column('age', ({ lastAnswerAt }) => <Age at={lastAnswerAt} />),
  ]);
}

/** Stock firmware by its family, which says more: `antminer`; others by their name. */
function firmwareName(family: string | null, firmware: string | null, version: string | null): string {
  const name = firmware === null || firmware === 'stock' ? family : firmware;
  return [name, version].filter((part) => part !== null).join(' ') || '–';
}

function Text({ text, full = text }: { text: string; full?: string }) {
  return (
    <span className={classes.text} title={full}>
      {text}
    </span>
  );
}

/** The link stretches over the whole row. */
function ModelCell({ row }: { row: MinerRow }) {
  const name = row.model ?? row.make ?? TEXTS.unknownModel;
  return (
    <>
      <Link
        to="/miners/$id"
        params={{ id: row.id }}
        search={(search) => search}
        className={classes.link ?? ''}
        title={[row.make, row.model].filter((part) => part !== null).join(' ') || name}
        data-row-link
      >
        {name}
      </Link>
      {row.simulated ? <span className={classes.tag}>{TEXTS.simulatedTag}</span> : null}
    </>
  );
}
