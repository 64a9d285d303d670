import type { MinerRow } from '@headframe/api';
import type { Severity } from '@headframe/model';
import type { ReactNode } from 'react';
import { isUnreadable, stateWord } from '../data/state-word.ts';
import classes from './marks.module.css';

/*
 * States by shape and word: the colour only repeats what the shape says.
 */

const SHAPES = {
  mining: <circle cx="8" cy="8" r="6" fill="currentColor" stroke="none" />,
  starting: (
    <>
      <circle cx="8" cy="8" r="5.2" />
      <path d="M8 2.8a5.2 5.2 0 0 1 0 10.4Z" fill="currentColor" stroke="none" />
    </>
  ),
  paused: <path d="M5.5 3v10M10.5 3v10" strokeWidth="3" />,
  idle: <circle cx="8" cy="8" r="5.2" />,
  fault: <path d="M8 1.5 15 14H1Z" fill="currentColor" stroke="none" />,
  unknown: <path d="M5.2 6a2.8 2.8 0 1 1 4.3 2.4C8.4 9.1 8 9.6 8 10.6M8 13.7v.1" strokeWidth="2" />,
  silent: <path d="m3 3 10 10M13 3 3 13" strokeWidth="2.6" />,
  waiting: <circle cx="8" cy="8" r="5.2" strokeDasharray="1.5 2.6" />,
  locked: (
    <>
      <rect x="3" y="7" width="10" height="7" rx="1" fill="currentColor" stroke="none" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" />
    </>
  ),
  unreadable: <path d="M5.5 2 4 14M12 2l-1.5 12M2.5 5.5h12M1.5 10.5h12" />,
  warning: <path d="M8 2 14.5 13.7H1.5Z" />,
  error: <path d="M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5Z" fill="currentColor" stroke="none" />,
  info: <path d="M8 7v6M8 3v.500" strokeWidth="2.2" />,
} satisfies Record<string, ReactNode>;

export type Shape = keyof typeof SHAPES;

export function Mark({ shape, size = 16 }: { shape: Shape; size?: number }) {
  return (
    <svg className={classes.mark} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  );
}

const TONES: Partial<Record<Shape, string>> = {
  mining: 'well',
  fault: 'error',
  silent: 'error',
  unreadable: 'error',
  idle: 'warning',
  locked: 'warning',
};

function shapeOf(row: MinerRow): Shape {
  switch (row.link) {
    case 'ok':
      return row.state;
    case 'waiting':
      return 'waiting';
    case 'needs-credentials':
      return 'locked';
    default:
      return isUnreadable(row) ? 'unreadable' : 'silent';
  }
}

/** The state of a machine: its shape and its word. */
export function StateMark({ row, size }: { row: MinerRow; size?: number }) {
  const shape = shapeOf(row);
  // One lost poll is no alarm.
  const tone = row.severity === 'info' && shape === 'silent' ? undefined : TONES[shape];
  return (
    <span className={classes.state}>
      <span className={classes.tone} data-tone={tone}>
        <Mark shape={shape} {...(size === undefined ? {} : { size })} />
      </span>
      <span className={classes.word}>{stateWord(row)}</span>
    </span>
  );
}

const SEVERITY_SHAPES: Record<Severity, Shape> = {
  info: 'info',
  warning: 'warning',
  error: 'error',
  critical: 'error',
};

/** How bad a reason is, as a shape. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const tone = severity === 'critical' ? 'error' : severity;
  return (
    <span className={classes.tone} data-tone={tone === 'info' ? 'remark' : tone}>
      <Mark shape={SEVERITY_SHAPES[severity]} size={13} />
    </span>
  );
}
