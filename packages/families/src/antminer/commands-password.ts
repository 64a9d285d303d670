import {
  type Action,
  action,
  type Credentials,
  HeadframeError,
  type HttpDoc,
  type Links,
  MASK,
  type ReadBack,
  type Step,
  type StepVerdict,
  secret,
} from '@headframe/model';
import { pageStep } from '@headframe/wire/http';
import { codeVerdict } from './cgi-verdicts.ts';
import { SYSTEM_INFO_PATH } from './view.ts';
import { openPage, readPage } from './web-page.ts';

/* The password of the web page, which is that of the system too (protocols.md 2.2). */

const PATH = '/cgi-bin/passwd.cgi';

export const passwordCommands = {
  setPassword: action(
    {
      newPassword: secret({
        about: 'new password of the web page and of the system',
        most: 63,
        pattern: /^[\x21-\x7e]+$/,
        inWords: 'printable ASCII without blanks',
        source: 'Antminer passwd.cgi; it names no rule, these letters survive every script',
      }),
    },
    async (links, { newPassword }) => {
      const { kind } = await openPage(links);
      const now = links.credentials;
      if (now == null) throw new HeadframeError('auth/required', { request: 'setPassword' });
      return {
        notes: ['The old password must be replaced wherever it is kept, in the credentials of this program as well'],
        steps: [kind === 'newer' ? newerStep(now, newPassword) : olderStep(now, newPassword)],
        readBack: readBackOf({ username: now.username, password: newPassword }),
      };
    },
  ),
} satisfies Record<string, Action>;

const newerStep = ({ password }: Credentials, newPassword: string): Step =>
  pageStep({
    http: {
      method: 'POST',
      path: PATH,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ curPwd: password, newPwd: newPassword, confirmPwd: newPassword }),
    },
    shownBody: JSON.stringify({ curPwd: MASK, newPwd: MASK, confirmPwd: MASK }),
    silenceIsFine: true,
    judge: (doc) => codeVerdict(doc),
  });

/**
 * The older page wants it in a query string and answers HTML; what its script undoes of escapes is not documented, so
 * only what needs none is sent.
 * @throws HeadframeError `usage/invalid` for other letters
 */
function olderStep({ password }: Credentials, newPassword: string): Step {
  for (const [is, value] of [
    ['the present password', password],
    ['the new password', newPassword],
  ] as const) {
    if (/^[A-Za-z0-9._~-]+$/.test(value)) continue;
    const detail = `The older web page takes passwords of letters, digits and . _ ~ - only, and ${is} has others; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  const query = (now: string, next: string): string => `${PATH}?current_pw=${now}&new_pw=${next}&new_pw_ctrl=${next}`;
  const step = pageStep({ http: { method: 'GET', path: query(MASK, MASK) }, silenceIsFine: true, judge: htmlVerdict });
  const { shown } = step.request('');
  return {
    ...step,
    request: () => ({ over: 'http', http: { method: 'GET', path: query(password, newPassword) }, shown }),
  };
}

/** Words of the page are not known for certain: only what says that something is wrong counts as a no. */
function htmlVerdict({ text }: HttpDoc): StepVerdict {
  const words = text
    .replace(/<[^>]{0,200}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const vendorText = /[^.!]{0,40}(?:invalid|wrong|mismatch|does not match|must be|error)[^.!]{0,40}/i.exec(words)?.[0];
  return vendorText === undefined ? { accepted: true } : { accepted: false, vendorText: vendorText.trim() };
}

/** The new password opens the page. */
const readBackOf = (credentials: Credentials): ReadBack => ({
  looksAt: 'the web page, with the new password',
  afterMs: 3_000,
  everyMs: 5_000,
  withinMs: 30_000,
  look: async (links: Links) => {
    const with_ = links.as?.(credentials) ?? links;
    await readPage(with_, SYSTEM_INFO_PATH);
    return { done: links.as !== undefined, values: {} };
  },
});
