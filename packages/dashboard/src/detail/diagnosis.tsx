import { createApiClient, type DiagnosisRecord, type VerdictRecord } from '@headframe/api';
import { Button, Code } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { TEXTS } from '../texts.ts';
import classes from './detail.module.css';
import { ListTable, Section } from './section.tsx';

const api = createApiClient('');

/** Why the machine does not answer: asked for by a click, as looking costs it some connections. */
export function Examination({ address }: { address: string }) {
  const { mutate, data, isPending, error } = useMutation({ mutationFn: () => api.examine(address) });
  return (
    <Section title={TEXTS.doctor.title} wide>
      <p>
        <Button variant="default" loading={isPending} onClick={() => mutate()}>
          {data === undefined ? TEXTS.doctor.examine : TEXTS.doctor.again}
        </Button>{' '}
        <span className={classes.missing}>{isPending ? TEXTS.doctor.running : TEXTS.doctor.onlyLooks}</span>
      </p>
      {error === null ? null : <p role="alert">{error.message}</p>}
      {data === undefined || isPending ? null : <Findings found={data} />}
    </Section>
  );
}

function Findings({ found }: { found: DiagnosisRecord }) {
  const { urgency, sentence, verdicts, ruledOut, remarks, notSeen, evidence } = found;
  return (
    <div aria-live="polite">
      <p className={classes.finding} data-urgency={urgency}>
        <strong>{TEXTS.doctor.urgency[urgency]}:</strong> {sentence}
      </p>
      {verdicts.map((verdict) => (
        <Cause key={verdict.code} verdict={verdict} />
      ))}
      <Sentences title={TEXTS.doctor.remarks} lines={remarks} />
      <Sentences title={TEXTS.doctor.ruledOut} lines={ruledOut.map(({ code, why }) => `${code}: ${why}`)} />
      <Sentences title={TEXTS.doctor.notSeen} lines={notSeen} />
      <h3>{TEXTS.doctor.evidence}</h3>
      <ListTable
        columns={[
          { head: TEXTS.doctor.at, cell: ({ at }) => new Date(at).toLocaleTimeString('en-GB') },
          { head: TEXTS.doctor.took, unit: 'ms', isNumber: true, cell: ({ ms }) => ms.toFixed(0) },
          { head: TEXTS.doctor.bytes, isNumber: true, cell: ({ bytes }) => bytes.toLocaleString('en') },
          { head: TEXTS.doctor.seen, cell: ({ line }) => line },
          { head: TEXTS.doctor.byHand, cell: ({ command }) => (command === null ? '' : <Code>{command}</Code>) },
        ]}
        items={evidence.map((line, index) => ({ ...line, index }))}
        keyOf={({ index }) => index}
      />
    </div>
  );
}

function Cause({ verdict }: { verdict: VerdictRecord }) {
  const { code, row, confidence, sentence, because, doubts, wouldChange, remedy } = verdict;
  return (
    <>
      <h3>
        {TEXTS.doctor.cause(code, Math.round(confidence * 100))}
        {row === null ? null : <span className={classes.unit}> {TEXTS.doctor.row(row)}</span>}
      </h3>
      <p>{sentence}</p>
      <ul>
        {because.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {doubts.map((line) => (
          <li key={line}>
            {TEXTS.doctor.doubt} {line}
          </li>
        ))}
        <li>
          {TEXTS.doctor.change} {wouldChange}
        </li>
      </ul>
      <ol>
        {remedy.map(({ step, text, command, costs, fix }) => (
          <li key={text}>
            {text} {step === null ? null : <span className={classes.unit}>{TEXTS.doctor.step(step)}</span>}
            {command === null ? null : (
              <div>
                <Code>{command}</Code>
              </div>
            )}
            <div className={classes.missing}>
              {costs === null ? TEXTS.doctor.free : TEXTS.doctor.costs(costs)}
              {fix === null ? null : ` ${TEXTS.doctor.fix(fix)}`}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

function Sentences({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
