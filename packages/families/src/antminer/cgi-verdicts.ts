import { HeadframeError, type HttpDoc, type StepVerdict } from '@headframe/model';
import { Fields } from '@headframe/wire/json';

/*
 * What the pages say to a change. A 200 says nothing: the word is in the body (protocols.md 2.3, 2.4). Bodies are not
 * quoted in errors, as some pages print the configuration with its passwords.
 */

/**
 * The newer page's `{"stats":"success","code":"M000","msg":"OK!"}`. A code that ends in 000 is a yes, and so are those
 * in `fine`; every other is a no, in the machine's words.
 * @throws HeadframeError `protocol/wrong-shape` (it may have happened), `device/busy` for an empty body
 */
export function codeVerdict(doc: HttpDoc, fine: readonly string[] = []): StepVerdict {
  const record = new Fields(doc.json);
  const code = record.str('code');
  const stats = record.str('stats');
  if (code === null && stats === null) throw unreadable(doc);
  const vendorText = record.str('msg') ?? stats;
  return {
    accepted: code === null ? stats === 'success' : /^[A-Z]000$/.test(code) || fine.includes(code),
    ...(code === null ? {} : { vendorCode: code }),
    ...(vendorText === null ? {} : { vendorText }),
  };
}

/**
 * The older page's `ok`, printed when all is done. A second request during that time waits and prints nothing.
 * @throws HeadframeError as {@link codeVerdict}
 */
export function okVerdict(doc: HttpDoc): StepVerdict {
  if (/(?:^|\n)\s*ok\s*$/.test(doc.text)) return { accepted: true, vendorText: 'ok' };
  throw unreadable(doc);
}

/** Pages whose yes has no form that is known: only a no in the newer page's form counts as one. */
export function lenientVerdict(doc: HttpDoc): StepVerdict {
  const record = new Fields(doc.json);
  return record.has('code') || record.has('stats') ? codeVerdict(doc) : { accepted: true };
}

function unreadable({ text }: HttpDoc): HeadframeError {
  if (text.trim() === '') {
    const detail = 'it printed nothing, as it does while another change is being saved';
    return new HeadframeError('device/busy', { detail });
  }
  const detail = /^\s*</.test(text) ? 'a page of HTML instead of a yes or no' : 'neither a yes nor a no';
  return new HeadframeError('protocol/wrong-shape', { detail });
}
