import { HeadframeError } from '@headframe/model';

/*
 * The form data of the older web page. Its shell scripts know a value by its place and undo only these escapes
 * (protocols.md 2.4; the list is the one in set_miner_conf.cgi and set_network_conf.cgi of the S17).
 */

/** What the scripts decode. `%25` is decoded before most others, so a `%` in a value would begin an escape anew. */
const DECODED = '#$&,+:;<=>?@[]^{|}/';
const PLAIN = /[A-Za-z0-9._~!*()-]/;

/** One value of a form, with a name for a person. */
export interface FormValue {
  /** `_ant_pool1url` */
  readonly name: string;
  /** `the URL of pool 1` */
  readonly is: string;
  readonly value: string;
  /** Never named by its letters. */
  readonly secret?: boolean;
}

/**
 * A value as it stands in the form.
 * @throws HeadframeError `usage/invalid` for what this page cannot carry, naming the value
 */
export function formValue({ is, value, secret = false }: Omit<FormValue, 'name'>): string {
  let out = '';
  for (const letter of value) {
    if (letter === ' ') out += '+';
    else if (PLAIN.test(letter)) out += letter;
    else if (DECODED.includes(letter)) out += `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
    else {
      const which = secret ? 'a character' : JSON.stringify(letter);
      const detail = `${is.charAt(0).toUpperCase()}${is.slice(1)} holds ${which} that the older web page cannot carry (quotes, backslash, % and letters beyond ASCII among them); nothing was sent`;
      throw new HeadframeError('usage/invalid', { detail });
    }
  }
  return out;
}

/**
 * The whole form, in this very order.
 * @throws HeadframeError as {@link formValue}
 */
export const formOf = (values: readonly FormValue[]): string =>
  values.map((one) => `${one.name}=${formValue(one)}`).join('&');
