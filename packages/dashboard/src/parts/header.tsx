import type { FleetTotals } from '@headframe/api';
import { formatHashrate, formatPower } from '@headframe/model';
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import classes from './header.module.css';

/** The name, the fleet in numbers, and whether the page is up to date. */
export function Header({ totals, isLive }: { totals: FleetTotals | undefined; isLive: boolean }) {
  return (
    <header className={classes.header}>
      <Link to="/" search={(search) => search} className={classes.name ?? ''}>
        <img src="/headframe.svg" alt="" width={26} height={26} />
        <span>{TEXTS.title}</span>
      </Link>
      {totals === undefined ? null : <Totals totals={totals} />}
      <div className={classes.end}>
        <Link
          to="/matrix"
          search={({ q, show, sort }) => ({ q, show, sort })}
          className={classes.quiet ?? ''}
          title={TEXTS.matrix.title}
        >
          {TEXTS.commands}
        </Link>
        <span className={classes.live} data-live={isLive}>
          {isLive ? TEXTS.live : TEXTS.notLive}
        </span>
        <SchemeSwitch />
      </div>
    </header>
  );
}

function Totals({ totals }: { totals: FleetTotals }) {
  const { machines, byState, byLink, sick, hashrateHs, nominalHs, powerW, powerKnown } = totals;
  const silent = machines - byLink.ok - byLink.waiting;
  return (
    <dl className={classes.totals}>
      <Total label={TEXTS.machines} value={machines} note={silent > 0 ? TEXTS.notAnswering(silent) : null} />
      <Total label={TEXTS.mining} value={byState.mining} />
      <Total label={TEXTS.sick} value={sick} alarm={sick > 0} />
      <Total
        label={TEXTS.hashrate}
        value={formatHashrate(hashrateHs)}
        note={nominalHs > 0 ? TEXTS.ofNominal(`${((hashrateHs / nominalHs) * 100).toFixed(0)} %`) : null}
      />
      <Total
        label={TEXTS.power}
        value={powerKnown === 0 ? '–' : formatPower(powerW)}
        note={powerKnown === 0 ? null : TEXTS.powerOf(powerKnown, machines)}
      />
    </dl>
  );
}

interface TotalProps {
  label: string;
  value: ReactNode;
  note?: string | null;
  alarm?: boolean;
}

function Total({ label, value, note = null, alarm = false }: TotalProps) {
  return (
    <div className={classes.total} data-alarm={alarm}>
      <dt>{label}</dt>
      <dd>
        {value}
        {note === null ? null : <small>{note}</small>}
      </dd>
    </div>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const label = scheme === 'dark' ? TEXTS.toLight : TEXTS.toDark;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
    >
      <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}
