import {
  formatCount,
  formatDuration,
  formatEfficiency,
  formatHashrate,
  formatPower,
  formatQuantity,
  formatTemp,
  type GapReason,
  LABELS,
  reading,
  type Snapshot,
} from '@headframe/model';
import type { ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import classes from './detail.module.css';
import { Facts, Section } from './section.tsx';

interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** The value under a pointer as a person says it; what is missing says why, in words. */
function fact(snapshot: Snapshot, pointer: string, label: string, format: (value: never) => string): Fact {
  const found = reading(snapshot, pointer);
  const name = LABELS[label]?.head ?? label;
  if (found.kind === 'value') return { label: name, value: format(found.value as never) };
  const why = found.kind === 'gap' ? gapText(found.reason, found.error?.code) : TEXTS.notExposed;
  return {
    label: name,
    value: (
      <span className={classes.missing} title={found.kind === 'gap' ? (found.error?.message ?? why) : why}>
        {found.kind === 'gap' ? `– ${why}` : '–'}
      </span>
    ),
  };
}

export const gapText = (reason: GapReason, code: string | undefined): string =>
  code === 'auth/required' ? TEXTS.gapPassword : TEXTS.gap[reason];

const asText = (value: string): string => value;
const asCount = (value: number): string => value.toLocaleString('en');

/** What the machine does now, in numbers. */
export function NowFacts({ snapshot }: { snapshot: Snapshot }) {
  const { hashrate, powerBasis } = snapshot;
  const span = hashrate.currentWindowS;
  const rate = (value: number) =>
    `${formatHashrate(value)} ${span === null || span === 0 ? TEXTS.windowUnknown : TEXTS.window(formatDuration(span))}`;
  const power = (value: number) => `${formatPower(value)}${powerBasis === null ? '' : ` ${TEXTS[powerBasis]}`}`;
  return (
    <Section title={TEXTS.sections.now}>
      <Facts
        facts={[
          fact(snapshot, '/hashrate/currentHs', 'hashrate.currentHs', rate),
          fact(snapshot, '/hashrate/averageHs', 'hashrate.averageHs', formatHashrate),
          fact(snapshot, '/hashrate/nominalHs', 'hashrate.nominalHs', formatHashrate),
          fact(snapshot, '/powerW', 'snapshot.powerW', power),
          fact(snapshot, '/powerLimitW', 'snapshot.powerLimitW', formatPower),
          fact(snapshot, '/efficiencyJTh', 'snapshot.efficiencyJTh', formatEfficiency),
          fact(snapshot, '/ambientTempC', 'snapshot.ambientTempC', formatTemp),
          ...(snapshot.wifiRssiDbm === undefined
            ? []
            : [fact(snapshot, '/wifiRssiDbm', 'snapshot.wifiRssiDbm', (dbm: never) => formatQuantity(dbm, 'dBm'))]),
          fact(snapshot, '/minerUptimeS', 'snapshot.minerUptimeS', formatDuration),
          fact(snapshot, '/systemUptimeS', 'snapshot.systemUptimeS', formatDuration),
        ]}
      />
    </Section>
  );
}

export function IdentityFacts({ snapshot }: { snapshot: Snapshot }) {
  const names = [
    'make',
    'model',
    'hardwareRevision',
    'family',
    'firmware',
    'firmwareVersion',
    'apiVersion',
    'controlBoard',
    'mac',
    'serial',
    'hostname',
    'algorithm',
  ] as const;
  return (
    <Section title={TEXTS.sections.identity}>
      <Facts facts={names.map((name) => fact(snapshot, `/identity/${name}`, `identity.${name}`, asText))} />
    </Section>
  );
}

export function ShareFacts({ snapshot }: { snapshot: Snapshot }) {
  return (
    <Section title={TEXTS.sections.shares}>
      <Facts
        facts={[
          fact(snapshot, '/shares/accepted', 'shares.accepted', asCount),
          fact(snapshot, '/shares/rejected', 'shares.rejected', asCount),
          fact(snapshot, '/shares/stale', 'shares.stale', asCount),
          fact(snapshot, '/shares/sessionBestDifficulty', 'shares.sessionBestDifficulty', formatCount),
          fact(snapshot, '/shares/bestDifficulty', 'shares.bestDifficulty', formatCount),
          fact(snapshot, '/hardwareErrors', 'snapshot.hardwareErrors', asCount),
        ]}
      />
    </Section>
  );
}
