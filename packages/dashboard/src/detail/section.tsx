import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './detail.module.css';

/** A part of a machine's page, with its heading. */
export function Section({ title, wide = false, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={classes.section} data-wide={wide}>
      <Title order={2} className={classes.heading ?? ''}>
        {title}
      </Title>
      {children}
    </section>
  );
}

export interface Column<T> {
  readonly head: string;
  readonly unit?: string | null;
  readonly isNumber?: boolean;
  readonly cell: (item: T) => ReactNode;
}

/** A plain table; on a narrow page it scrolls by itself. */
export function ListTable<T>({
  columns,
  items,
  keyOf,
}: {
  columns: readonly Column<T>[];
  items: readonly T[];
  keyOf: (item: T) => string | number;
}) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map(({ head, unit = null, isNumber = false }) => (
              <th key={head} scope="col" data-number={isNumber}>
                {head}
                {unit === null ? null : <span className={classes.unit}> {unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map(({ head, isNumber = false, cell }) => (
                <td key={head} data-number={isNumber}>
                  {cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Columns without those that say nothing for any of the items. */
export function saying<T>(items: readonly T[], columns: readonly (Column<T> & { value: (item: T) => unknown })[]) {
  return columns.filter(({ value }) => items.some((item) => value(item) !== null && value(item) !== undefined));
}

/** Names and values; what is missing says why. */
export function Facts({ facts }: { facts: readonly { readonly label: string; readonly value: ReactNode }[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
