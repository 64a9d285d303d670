import type { FleetTotals, ScanProgress } from '@headframe/api';
import { formatAge } from '@headframe/model';
import { Code } from '@mantine/core';
import type { ReactNode } from 'react';
import { useNow } from '../data/now.ts';
import { TEXTS } from '../texts.ts';
import { Mark } from './marks.tsx';
import classes from './notices.module.css';

/** What a person must know before believing the numbers: lost connection, simulated machines, a scan that runs. */
export function Notices({ totals, lostAt }: { totals: FleetTotals; lostAt: number | null }) {
  const { simulated, machines, scan } = totals;
  return (
    <>
      {lostAt === null ? null : <LostNotice lostAt={lostAt} />}
      {simulated === 0 ? null : (
        <Notice tone="simulated">
          <strong>{TEXTS.simulated(simulated, machines)}</strong> {TEXTS.scanHint}{' '}
          <Code className={classes.command ?? ''}>{TEXTS.scanCommand}</Code> {TEXTS.scanHintEnd}
        </Notice>
      )}
      {scan === null ? null : <ScanNotice scan={scan} />}
    </>
  );
}

function LostNotice({ lostAt }: { lostAt: number }) {
  const now = useNow();
  return (
    <Notice tone="error">
      <Mark shape="silent" size={14} />
      <strong>{TEXTS.lost(formatAge(Math.max(0, now - lostAt)))}</strong>
    </Notice>
  );
}

function ScanNotice({ scan }: { scan: ScanProgress }) {
  const { running, done, total, miners, needCredentials, otherDevices, ranges, error } = scan;
  return (
    <Notice tone={error === null ? 'plain' : 'error'}>
      {error === null ? null : <strong>{error.message}</strong>}
      <span>
        {running ? TEXTS.scanning(done, total) : TEXTS.scanned(done)} ({ranges.join(', ')}):{' '}
        {TEXTS.scanFound(miners, needCredentials, otherDevices)}
      </span>
      {running ? <progress className={classes.progress} value={done} max={Math.max(total, 1)} /> : null}
    </Notice>
  );
}

function Notice({ tone, children }: { tone: 'plain' | 'simulated' | 'error'; children: ReactNode }) {
  return (
    <div className={classes.notice} data-tone={tone} role="status">
      {children}
    </div>
  );
}
