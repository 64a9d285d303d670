import { createApiClient, PATHS } from '@headframe/api';
import {
  attributionLines,
  type CommandMatrix,
  cgminerText,
  MATRIX_FAMILY_TITLES,
  type MatrixFamily,
} from '@headframe/model/matrix';
import { SegmentedControl, TextInput } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import detail from '../detail/detail.module.css';
import { Section } from '../detail/section.tsx';
import { TEXTS } from '../texts.ts';
import classes from './matrix.module.css';
import { FAMILIES, filterCommands, type MatrixSearch } from './matrix-filter.ts';
import { MatrixTable } from './matrix-table.tsx';

const api = createApiClient('');

const matrixQuery = queryOptions({
  queryKey: ['matrix'],
  queryFn: ({ signal }) => api.matrix({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The commands of port 4028: what is printed of them, what was verified, and the real calls behind them. */
export function MatrixPage() {
  const { data: matrix, isError } = useQuery(matrixQuery);
  return (
    <main className={detail.page}>
      <Link to="/" search={({ q, show, sort }) => ({ q, show, sort })} className={detail.back ?? ''}>
        ‹ {TEXTS.back}
      </Link>
      <h1 className={classes.title}>{TEXTS.matrix.title}</h1>
      {matrix === undefined ? <p>{isError ? TEXTS.matrix.failed : TEXTS.loading}</p> : <Matrix matrix={matrix} />}
    </main>
  );
}

function Matrix({ matrix }: { matrix: CommandMatrix }) {
  const search = useSearch({ from: '/matrix' });
  const families = search.family === undefined ? FAMILIES : [search.family];
  const rows = filterCommands(matrix.commands, search, families);
  return (
    <>
      <p className={classes.intro}>{TEXTS.matrix.intro}</p>
      <Controls search={search} shown={rows.length} all={matrix.commands.length} />
      <MatrixTable rows={rows} families={families} matrix={matrix} />
      <Words matrix={matrix} families={families} />
      <Section title={TEXTS.matrix.neighbours}>
        <ul className={classes.list}>
          {matrix.neighbours.map(({ command, verified }) => (
            <li key={command}>
              <strong>{command}</strong>{' '}
              {families.map((family) => `${MATRIX_FAMILY_TITLES[family]}: ${verified.families[family]}`).join('; ')};{' '}
              {TEXTS.matrix.cgminer}: {cgminerText(verified.cgminer)}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={TEXTS.matrix.notes}>
        <ul className={classes.list}>
          {matrix.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </Section>
      <Attribution matrix={matrix} />
    </>
  );
}

interface ControlsProps {
  readonly search: MatrixSearch;
  readonly shown: number;
  readonly all: number;
}

function Controls({ search, shown, all }: ControlsProps) {
  const navigate = useNavigate();
  const change = (more: MatrixSearch) =>
    navigate({ to: '/matrix', search: (before) => ({ ...before, ...more }), replace: true });
  return (
    <div className={classes.controls}>
      <TextInput
        className={classes.find ?? ''}
        type="search"
        aria-label={TEXTS.matrix.find}
        placeholder={TEXTS.matrix.find}
        value={search.find ?? ''}
        onChange={({ currentTarget: { value } }) => change({ find: value === '' ? undefined : value })}
      />
      <SegmentedControl
        aria-label={TEXTS.matrix.family}
        value={search.family ?? 'all'}
        onChange={(value) => change({ family: value === 'all' ? undefined : (value as MatrixFamily) })}
        data={[
          { value: 'all', label: TEXTS.matrix.all },
          ...FAMILIES.map((value) => ({ value, label: TEXTS.matrix.short[value] })),
        ]}
      />
      <label className={classes.check}>
        <input
          type="checkbox"
          checked={search.differing === true}
          onChange={({ currentTarget: { checked } }) => change({ differing: checked ? true : undefined })}
        />
        {TEXTS.matrix.onlyDiffering}
      </label>
      <span className={classes.shown}>{TEXTS.matrix.shown(shown, all)}</span>
    </div>
  );
}

function Words({ matrix, families }: { matrix: CommandMatrix; families: readonly MatrixFamily[] }) {
  return (
    <div className={classes.words}>
      <Section title={TEXTS.matrix.wordsPrinted}>
        <Glossary words={{ ...matrix.printedWords, [TEXTS.matrix.inferred]: TEXTS.matrix.inferredMeaning }} />
      </Section>
      {families.map((family) => (
        <Section key={family} title={TEXTS.matrix.wordsVerified(MATRIX_FAMILY_TITLES[family])}>
          <Glossary words={matrix.verifiedWords[family] ?? {}} />
        </Section>
      ))}
    </div>
  );
}

function Glossary({ words }: { words: Readonly<Record<string, string>> }) {
  return (
    <dl className={classes.glossary}>
      {Object.entries(words).map(([word, meaning]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Publisher, licence and changes go with every copy, this one too. */
function Attribution({ matrix: { attribution } }: { matrix: CommandMatrix }) {
  const [credit = '', ...lines] = attributionLines(attribution);
  return (
    <footer className={classes.attribution}>
      <p>
        {credit.replace(` (${attribution.licenceUrl})`, '')}{' '}
        <a href={attribution.licenceUrl} rel="license noreferrer">
          {attribution.licenceUrl}
        </a>
      </p>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p>
        {TEXTS.matrix.copies} <a href={`${PATHS.matrix}?format=csv`}>CSV</a>, <a href={PATHS.matrix}>JSON</a>
      </p>
    </footer>
  );
}
