import type { MinerRecord } from '@headframe/api';
import {
  type Disagreement,
  formatAge,
  formatCount,
  formatDuration,
  LABELS,
  type Pool,
  type ReplyMeta,
  type Snapshot,
} from '@headframe/model';
import { Code } from '@mantine/core';
import { poolName } from '../data/units.ts';
import { Age, useDaemonNow } from '../parts/age.tsx';
import { TEXTS } from '../texts.ts';
import classes from './detail.module.css';
import { gapText } from './facts.tsx';
import { Facts, ListTable, Section, saying } from './section.tsx';

const head = (key: string): string => LABELS[key]?.head ?? key;
const count = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en'));

export function Pools({ pools }: { pools: readonly Pool[] }) {
  if (pools.length === 0) return null;
  const number = (name: 'accepted' | 'rejected' | 'stale') => ({
    head: head(`pool.${name}`),
    isNumber: true,
    value: (pool: Pool) => pool[name],
    cell: (pool: Pool) => count(pool[name]),
  });
  const columns = saying(pools, [
    { head: head('pool.index'), value: ({ index }: Pool) => index, cell: ({ index }: Pool) => index },
    { head: head('pool.url'), value: () => true, cell: ({ url }: Pool) => poolName(url) },
    { head: head('pool.worker'), value: ({ worker }: Pool) => worker, cell: ({ worker }: Pool) => worker ?? '–' },
    {
      head: head('pool.status'),
      value: () => true,
      cell: ({ status, active }: Pool) =>
        active === true ? `${status}, ${head('pool.active').toLowerCase()}` : status,
    },
    number('accepted'),
    number('rejected'),
    number('stale'),
    {
      head: head('pool.difficulty'),
      isNumber: true,
      value: ({ difficulty }: Pool) => difficulty,
      cell: ({ difficulty }: Pool) => formatCount(difficulty),
    },
    {
      head: head('pool.lastShareAt'),
      isNumber: true,
      value: ({ lastShareAt }: Pool) => lastShareAt,
      cell: ({ lastShareAt }: Pool) => <Age at={lastShareAt} />,
    },
  ]);
  return (
    <Section title={TEXTS.sections.pools} wide>
      <ListTable columns={columns} items={pools} keyOf={({ index }) => index} />
    </Section>
  );
}

export function Gaps({ gaps }: { gaps: Snapshot['gaps'] }) {
  if (gaps.length === 0) return null;
  return (
    <Section title={TEXTS.sections.gaps} wide>
      <ListTable
        columns={[
          { head: head('gap.path'), cell: ({ path }) => <Code>{path}</Code> },
          { head: head('gap.reason'), cell: ({ reason, error }) => gapText(reason, error?.code) },
          { head: head('error.message'), cell: ({ error }) => error?.message ?? '' },
        ]}
        items={gaps}
        keyOf={({ path }) => path}
      />
    </Section>
  );
}

/** Where two doors of the machine say what cannot both be true. */
export function Disagreements({ disagreements }: { disagreements: readonly Disagreement[] }) {
  if (disagreements.length === 0) return null;
  return (
    <Section title={TEXTS.sections.disagreements} wide>
      <ListTable
        columns={[
          { head: head('disagreement.path'), cell: ({ path }) => <Code>{path}</Code> },
          { head: head('disagreement.believed'), cell: ({ believed }) => `${believed.value} (${believed.reply})` },
          { head: head('disagreement.other'), cell: ({ other }) => `${other.value} (${other.reply})` },
          { head: head('disagreement.why'), cell: ({ why }) => why },
        ]}
        items={disagreements}
        keyOf={({ path, other }) => `${path} ${other.reply}`}
      />
    </Section>
  );
}

const repairsOf = ({ repairs }: ReplyMeta) =>
  repairs.length === 0 ? (
    TEXTS.noRepairs
  ) : (
    <span title={repairs.map(({ kind, offset }) => TEXTS.atByte(kind, offset)).join('\n')}>
      {TEXTS.repairs(repairs.length)}: {[...new Set(repairs.map(({ kind }) => kind))].join(', ')}
    </span>
  );

export function Replies({ replies }: { replies: readonly ReplyMeta[] }) {
  if (replies.length === 0) return null;
  return (
    <Section title={TEXTS.sections.replies} wide>
      <ListTable
        columns={[
          { head: head('reply.request'), cell: ({ request }) => <Code>{request}</Code> },
          { head: head('reply.at'), isNumber: true, cell: ({ at }) => <Age at={at} /> },
          { head: head('reply.ms'), unit: 'ms', isNumber: true, cell: ({ ms }) => ms.toFixed(0) },
          { head: head('reply.bytes'), isNumber: true, cell: ({ bytes }) => count(bytes) },
          {
            head: head('reply.repairs'),
            cell: (reply) => (reply.error === null ? repairsOf(reply) : reply.error.message),
          },
        ]}
        items={replies}
        keyOf={({ id }) => id}
      />
    </Section>
  );
}

/** How the conversation with the machine goes, and what it said last when it was no answer. */
export function Conversation({ record: { statistics, ports, lastError, addedAt } }: { record: MinerRecord }) {
  const now = useDaemonNow();
  const { polls, failures, consecutiveFailures, droppedTicks, lastPollMs, nextPollAt } = statistics;
  const texts = TEXTS.statistics;
  const portList = Object.entries(ports).map(([protocol, port]) => `${protocol} ${port}`);
  return (
    <Section title={TEXTS.sections.link} wide>
      <Facts
        facts={[
          { label: texts.polls, value: count(polls) },
          { label: texts.failures, value: count(failures) },
          { label: texts.inARow, value: count(consecutiveFailures) },
          { label: texts.dropped, value: count(droppedTicks) },
          { label: texts.took, value: lastPollMs === null ? '–' : `${lastPollMs.toFixed(0)} ms` },
          {
            label: texts.next,
            value:
              nextPollAt === null
                ? TEXTS.nextRunning
                : TEXTS.nextIn(formatDuration(Math.max(0, nextPollAt - now) / 1000)),
          },
          { label: texts.ports, value: portList.join(', ') || '–' },
          { label: texts.known, value: formatDuration((now - addedAt) / 1000) },
        ]}
      />
      {lastError === null ? null : (
        <div className={classes.lastError}>
          <h3>{TEXTS.lastError(formatAge(now - lastError.at))}</h3>
          <p>{lastError.message}</p>
          {lastError.firstBytes === null ? null : (
            <p>
              {TEXTS.itSaid} <Code className={classes.bytes ?? ''}>{lastError.firstBytes}</Code>
            </p>
          )}
        </div>
      )}
    </Section>
  );
}
