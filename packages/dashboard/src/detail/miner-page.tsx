import type { MinerRow } from '@headframe/api';
import { formatAge, machineName } from '@headframe/model';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { minerQuery, useFleet } from '../data/live.ts';
import { Age, useDaemonNow } from '../parts/age.tsx';
import { SeverityMark, StateMark } from '../parts/marks.tsx';
import { SEVERITY_WORDS, TEXTS } from '../texts.ts';
import { HashrateChart } from './chart.tsx';
import classes from './detail.module.css';
import { Examination } from './diagnosis.tsx';
import { Conversation, Disagreements, Gaps, Pools, Replies } from './evidence.tsx';
import { IdentityFacts, NowFacts, ShareFacts } from './facts.tsx';
import { Chips, Fans, Hashboards, PowerSupply } from './hardware.tsx';

/** Everything known of one machine. */
export function MinerPage() {
  const { id } = useParams({ from: '/miners/$id' });
  const { data: record, isError } = useQuery(minerQuery(id));
  const fresh = useFleet()?.rows.get(record?.row.id ?? id);
  const row = fresh ?? record?.row;
  if (row === undefined || record === undefined) {
    return (
      <main className={classes.page}>
        <BackLink />
        <p>{isError ? TEXTS.notFound : TEXTS.loading}</p>
      </main>
    );
  }
  const { snapshot } = record;
  return (
    <main className={classes.page}>
      <BackLink />
      <Title row={row} />
      <Reasons row={row} />
      {row.link === 'ok' ? null : <Stale row={row} />}
      {row.link === 'ok' ? null : <Examination key={row.id} address={row.address} />}
      {snapshot === null ? null : (
        <>
          <div className={classes.columns}>
            <NowFacts snapshot={snapshot} />
            <IdentityFacts snapshot={snapshot} />
            <ShareFacts snapshot={snapshot} />
          </div>
          <HashrateChart id={row.id} version={row.lastAnswerAt} />
          <Hashboards boards={snapshot.hashboards} />
          <Chips boards={snapshot.hashboards} />
          <Pools pools={snapshot.pools} />
          <div className={classes.columns}>
            <Fans fans={snapshot.fans} />
            <PowerSupply psu={snapshot.psu} />
          </div>
          <Disagreements disagreements={snapshot.disagreements ?? []} />
          <Gaps gaps={snapshot.gaps} />
          <Replies replies={snapshot.replies} />
        </>
      )}
      {row.link === 'ok' ? <Examination key={row.id} address={row.address} /> : null}
      <Conversation record={record} />
    </main>
  );
}

function BackLink() {
  return (
    <Link to="/" search={(search) => search} className={classes.back ?? ''}>
      ‹ {TEXTS.back}
    </Link>
  );
}

function Title({ row }: { row: MinerRow }) {
  const { make, model, address, simulated, lastAnswerAt } = row;
  return (
    <div className={classes.title}>
      <h1>{machineName(make, model) ?? TEXTS.unknownModel}</h1>
      <span className={classes.state}>
        <StateMark row={row} size={20} />
      </span>
      <span>{address}</span>
      {simulated ? <span className={classes.tag}>{TEXTS.simulatedWord}</span> : null}
      <span className={classes.age}>
        {lastAnswerAt === null ? (
          TEXTS.neverAnswered
        ) : (
          <>
            {TEXTS.answered} <Age at={lastAnswerAt} /> {TEXTS.ago}
          </>
        )}
      </span>
    </div>
  );
}

function Reasons({ row: { reasons } }: { row: MinerRow }) {
  if (reasons.length === 0) return null;
  return (
    <ul className={classes.reasons}>
      {reasons.map(({ code, severity, text }) => (
        <li key={code + text} data-severity={severity}>
          <SeverityMark severity={severity} /> <strong>{SEVERITY_WORDS[severity]}:</strong> {text}
        </li>
      ))}
    </ul>
  );
}

/** Readings of a machine that does not answer are from then, and say so. */
function Stale({ row: { lastAnswerAt } }: { row: MinerRow }) {
  const now = useDaemonNow();
  return (
    <p className={classes.stale}>
      {lastAnswerAt === null ? TEXTS.noReadings : TEXTS.lastReadings(formatAge(now - lastAnswerAt))}
    </p>
  );
}
