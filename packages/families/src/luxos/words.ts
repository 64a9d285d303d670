import { text } from '@headframe/model';

/** Where a range comes from, for a person. */
export const source = (command: string) => ({ source: `LuxOS ${command}` });

/** A word that goes into a list parted by commas, which LuxOS does not let be escaped but in addpool. */
export const word = (about: string, command: string, most = 64) =>
  text({ about, most, ...source(command), pattern: /^[^,=]+$/, inWords: 'text without , and =' });
