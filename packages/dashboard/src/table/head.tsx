import { UnstyledButton } from '@mantine/core';
import type { Sort } from '../data/order.ts';
import type { ColumnInfo } from './columns.tsx';
import classes from './fleet-table.module.css';

export interface HeadProps {
  readonly infos: readonly ColumnInfo[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

/** The heads of the columns, with their units; each sorts when it is pressed. */
export function Head({ infos, sort, onSort }: HeadProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see the table
    <div className={classes.head} role="row" aria-rowindex={1}>
      {infos.map(({ id, head, unit, isNumber }) => {
        const direction = sort.by === id ? (sort.descending ? 'descending' : 'ascending') : 'none';
        // Numbers are looked for from the large end, names from A.
        const next = sort.by === id ? !sort.descending : isNumber;
        return (
          // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the button in it takes the focus
          <div
            key={id}
            className={classes.headCell}
            role="columnheader"
            aria-sort={direction}
            data-column={id}
            data-number={isNumber}
          >
            <UnstyledButton className={classes.headButton ?? ''} onClick={() => onSort({ by: id, descending: next })}>
              {head}
              {unit === null ? null : <span className={classes.unit}>{unit}</span>}
              {direction === 'none' ? null : <span aria-hidden="true">{sort.descending ? '▾' : '▴'}</span>}
            </UnstyledButton>
          </div>
        );
      })}
    </div>
  );
}
