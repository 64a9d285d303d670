/*
 * The commands of port 4028, as a page prints them and as they were found to be: data under CC BY 4.0, see
 * `attribution.ts`.
 */
export { attributionLines, MATRIX_ATTRIBUTION, type MatrixAttribution } from './attribution.ts';
export { cgminerText, matrixAsCsv, matrixAsJson } from './export.ts';
export { commandMatrix, type MatrixSelection, matrixCommands } from './matrix.ts';
export * from './types.ts';
export { expectedAsVerified, expectedByPage, type MatrixColumn, type Presence, viewsDiffer } from './views.ts';
