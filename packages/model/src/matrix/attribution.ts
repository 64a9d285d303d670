/** What must travel with every copy of the matrix, whole or in part, in every form. */
export interface MatrixAttribution {
  readonly title: string;
  readonly publisher: string;
  readonly licence: string;
  readonly licenceUrl: string;
  /** What is not as the publisher has it. */
  readonly changes: string;
  /** What is not the publisher's at all. */
  readonly additions: string;
}

export const MATRIX_ATTRIBUTION: MatrixAttribution = {
  title: 'Miner API Command Reference',
  publisher: 'D-Central',
  licence: 'CC BY 4.0',
  licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
  changes:
    'The cells were put back into columns and 24 dashes restored; a star (or "inferred") marks every cell that had to be inferred. Descriptions are reworded.',
  additions:
    "The verified view, the real calls, remarks, marks, notes and citations are Headframe's own and not D-Central's.",
};

/** The attribution as lines of text, for a footer or a comment. */
export const attributionLines = ({
  title,
  publisher,
  licence,
  licenceUrl,
  changes,
  additions,
}: MatrixAttribution): readonly string[] => [
  `"${title}" by ${publisher}, ${licence} (${licenceUrl}).`,
  `Changed: ${changes}`,
  additions,
];
