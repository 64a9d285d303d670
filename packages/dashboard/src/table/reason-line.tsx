import type { MinerRow } from '@headframe/api';
import { isSick } from '../data/filter.ts';
import { SeverityMark } from '../parts/marks.tsx';
import { TEXTS } from '../texts.ts';
import classes from './fleet-table.module.css';

/** Whether a row says why: every sick one does, and one that did not answer just now. */
export const hasReasonLine = (row: MinerRow): boolean =>
  row.reasons.length > 0 && (isSick(row) || (row.link !== 'ok' && row.link !== 'waiting'));

/** The worst reason in words, and how many more there are. */
export function reasonText({ reasons: [first, ...others] }: MinerRow): string {
  if (first === undefined) return '';
  return others.length === 0 ? first.text : `${first.text}, ${TEXTS.andMore(others.length)}`;
}

/** Why a machine is not well. */
export function ReasonLine({ row }: { row: MinerRow }) {
  const [first] = row.reasons;
  if (first === undefined) return null;
  const text = reasonText(row);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table
    <div className={classes.reason} role="cell" title={text}>
      <SeverityMark severity={first.severity} />
      <span className={classes.reasonText}>{text}</span>
    </div>
  );
}
