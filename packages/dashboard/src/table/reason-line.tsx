import type { MinerRow } from '@headframe/api';
import { isSick } from '../data/filter.ts';
import { SeverityMark } from '../parts/marks.tsx';
import { TEXTS } from '../texts.ts';
import classes from './fleet-table.module.css';

/** Whether a row says why: every sick one does, and one that did not answer just now. */
export const hasReasonLine = (row: MinerRow): boolean =>
  row.reasons.length > 0 && (isSick(row) || (row.link !== 'ok' && row.link !== 'waiting'));

/** Why a machine is not well, in words; the worst first. */
export function ReasonLine({ row: { reasons } }: { row: MinerRow }) {
  const [first] = reasons;
  if (first === undefined) return null;
  const text = reasons.length === 1 ? first.text : `${first.text}, ${TEXTS.andMore(reasons.length - 1)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table
    <div className={classes.reason} role="cell" data-severity={first.severity} title={text}>
      <SeverityMark severity={first.severity} />
      <span className={classes.reasonText}>{text}</span>
    </div>
  );
}
