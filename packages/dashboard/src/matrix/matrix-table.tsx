import {
  type CommandMatrix,
  cgminerText,
  MATRIX_FAMILY_TITLES,
  type MatrixCalls,
  type MatrixFamily,
  type MatrixRow,
} from '@headframe/model/matrix';
import { Code } from '@mantine/core';
import { TEXTS } from '../texts.ts';
import classes from './matrix.module.css';

export interface MatrixTableProps {
  readonly rows: readonly MatrixRow[];
  readonly families: readonly MatrixFamily[];
  readonly matrix: CommandMatrix;
}

/** One command per row: both views of each family, what cgminer makes of it, and the calls behind it. */
export function MatrixTable({ rows, families, matrix }: MatrixTableProps) {
  if (rows.length === 0) return <p>{TEXTS.matrix.none}</p>;
  return (
    <table className={classes.table} data-families={families.length}>
      <thead>
        <tr>
          <th scope="col" className={classes.first}>
            {TEXTS.matrix.command}
          </th>
          {families.map((family) => (
            <th key={family} scope="col" className={classes.family}>
              {MATRIX_FAMILY_TITLES[family]}
            </th>
          ))}
          <th scope="col" className={classes.family}>
            {TEXTS.matrix.cgminer}
          </th>
          <th scope="col">{TEXTS.matrix.calls}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.command} data-command={row.command}>
            <th scope="row">
              <Command row={row} />
            </th>
            {families.map((family) => (
              <Views key={family} row={row} family={family} matrix={matrix} />
            ))}
            <td data-head={TEXTS.matrix.cgminer}>{cgminerText(row.verified.cgminer)}</td>
            <td data-head={TEXTS.matrix.calls}>
              <Calls calls={row.calls} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Command({
  row: { command, params, access, category, mark, description, verified, citation },
}: {
  row: MatrixRow;
}) {
  return (
    <>
      <Code className={classes.command ?? ''}>{command}</Code> <span className={classes.params}>{params}</span>
      <div className={classes.quiet}>
        {access}, {category}
        {mark === null ? null : <span className={classes.mark}>{TEXTS.matrix.marks[mark]}</span>}
      </div>
      <div className={classes.description}>{description}</div>
      <details className={classes.more}>
        <summary>{citation}</summary>
        {verified.remarks.length === 0 ? null : (
          <ul aria-label={TEXTS.matrix.remarks}>
            {verified.remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        )}
      </details>
    </>
  );
}

/** The printed word above, with a star where it was inferred, and the verified one below. */
function Views({ row, family, matrix }: { row: MatrixRow; family: MatrixFamily; matrix: CommandMatrix }) {
  const { printed, verified, differs } = row;
  const cell = printed[family];
  const word = verified.families[family];
  const isDiffering = differs.includes(family);
  return (
    <td data-head={MATRIX_FAMILY_TITLES[family]} data-differs={isDiffering}>
      <div className={classes.printed} title={cell === undefined ? '' : matrix.printedWords[cell.value]}>
        <span className={classes.view}>{TEXTS.matrix.printed} </span>
        {cell?.value}
        {cell?.inferred === true ? <abbr title={TEXTS.matrix.inferredMeaning}>{TEXTS.matrix.inferred}</abbr> : null}
      </div>
      <div title={meaningOf(matrix, family, word)}>
        <span className={classes.view}>{TEXTS.matrix.verified} </span>
        {word}
      </div>
      {isDiffering ? <div className={classes.differs}>{TEXTS.matrix.differs}</div> : null}
    </td>
  );
}

const meaningOf = (matrix: CommandMatrix, family: MatrixFamily, word: string | undefined): string =>
  word === undefined ? '' : (matrix.verifiedWords[family]?.[word] ?? '');

function Calls({ calls: { antminerCgi, braiinsGrpc, note } }: { calls: MatrixCalls }) {
  return (
    <>
      <div>
        <span className={classes.label}>{TEXTS.matrix.cgi} </span>
        {antminerCgi ?? TEXTS.matrix.noCall}
      </div>
      <div>
        <span className={classes.label}>{TEXTS.matrix.grpc} </span>
        {braiinsGrpc ?? TEXTS.matrix.noCall}
      </div>
      {note === '' ? null : <div className={classes.quiet}>{note}</div>}
    </>
  );
}
