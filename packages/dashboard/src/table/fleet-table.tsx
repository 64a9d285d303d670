import type { MinerRow } from '@headframe/api';
import { useMediaQuery } from '@mantine/hooks';
import { FlexRender, type Row, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useLayoutEffect, useMemo, useRef } from 'react';
import type { Sort } from '../data/order.ts';
import { rateUnit } from '../data/units.ts';
import { type ColumnInfo, columnInfos, columnsFor, features } from './columns.tsx';
import classes from './fleet-table.module.css';
import { Head } from './head.tsx';
import { hasReasonLine, ReasonLine, reasonText } from './reason-line.tsx';
import { useArrowKeys } from './use-arrow-keys.ts';
import { useSteadyScroll } from './use-steady-scroll.ts';

/** Heights of a row and of its line of reasons, px: as in the style sheet. */
const WIDE = { row: 38, head: 40, reason: () => 24 };
/** On a phone a long reason takes two lines. */
const NARROW = { row: 88, head: 0, reason: (text: string) => (text.length > 40 ? 44 : 26) };

export interface FleetTableProps {
  /** In the order in which they are shown. */
  readonly rows: readonly MinerRow[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  /** What is said when there is no row. */
  readonly empty: string;
  /** Whether real and simulated machines are side by side. */
  readonly isMixed: boolean;
}

/** The fleet, one machine per row. Only the rows in sight are in the document. */
export function FleetTable({ rows, sort, onSort, empty, isMixed }: FleetTableProps) {
  const isNarrow = useMediaQuery('(max-width: 760px)', undefined, { getInitialValueInEffect: false });
  const heights = isNarrow ? NARROW : WIDE;
  const scroll = useRef<HTMLDivElement>(null);
  const unit = rateUnit(rows.map(({ nominalHs, hashrateHs }) => nominalHs ?? hashrateHs));
  const columns = useMemo(() => columnsFor(unit), [unit]);
  const infos = useMemo(() => columnInfos(unit), [unit]);
  const table = useTable({ features, columns, data: rows, getRowId: ({ id }) => id });
  const models = table.getRowModel().rows;

  const rowHeights = rows.map((row) => heights.row + (hasReasonLine(row) ? heights.reason(reasonText(row)) : 0));
  const initialOffset = useSteadyScroll(scroll, rows, rowHeights);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => rowHeights[index] ?? heights.row,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollPaddingStart: heights.head,
    initialOffset,
  });
  const shape = rowHeights.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer keeps heights until it is told of new ones
  useLayoutEffect(() => virtualizer.measure(), [shape, virtualizer]);
  const onKeyDown = useArrowKeys(virtualizer, scroll);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot leave rows out; the roles say what this is
    <div
      ref={scroll}
      className={classes.scroll}
      role="table"
      aria-rowcount={rows.length + 1}
      data-mixed={isMixed}
      onKeyDown={onKeyDown}
    >
      <Head infos={infos} sort={sort} onSort={onSort} />
      {rows.length === 0 ? <p className={classes.empty}>{empty}</p> : null}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start, size }) => {
          const model = models[index];
          if (model === undefined) return null;
          const { original } = model;
          return (
            <FleetRow key={key} model={model} row={original} index={index} start={start} size={size} infos={infos} />
          );
        })}
      </div>
    </div>
  );
}

interface FleetRowProps {
  readonly model: Row<typeof features, MinerRow>;
  /** Another object exactly when something of the row changed. */
  readonly row: MinerRow;
  readonly index: number;
  readonly start: number;
  readonly size: number;
  readonly infos: readonly ColumnInfo[];
}

const FleetRow = memo(
  ({ model, row, index, start, size, infos }: FleetRowProps) => (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the link in it takes the focus
    <div
      className={classes.row}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-severity={row.severity ?? 'well'}
      data-silent={row.link !== 'ok'}
      style={{ transform: `translateY(${start}px)`, height: size }}
    >
      {model.getAllCells().map((cell, column) => (
        // biome-ignore lint/a11y/useSemanticElements: see the table
        <div
          key={cell.id}
          className={classes.cell}
          role="cell"
          data-column={cell.column.id}
          data-number={infos[column]?.isNumber}
          data-unit={infos[column]?.unit ?? ''}
        >
          <FlexRender cell={cell} />
        </div>
      ))}
      {hasReasonLine(row) ? <ReasonLine row={row} /> : null}
    </div>
  ),
  (a, b) => a.row === b.row && a.index === b.index && a.start === b.start && a.size === b.size && a.infos === b.infos,
);
