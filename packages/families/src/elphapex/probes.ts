import type { HttpDoc, Reply, Verdict } from '@headframe/model';
import { realmOf } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';

export const SYSTEM_INFO_PATH = '/cgi-bin/get_system_info.cgi';

/** The web page wants a password before it says anything; its realm begins with the maker's firmware (protocols.md 0). */
export function byRealm({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 401) return null;
  const realm = realmOf(page.headers['www-authenticate'] ?? '');
  return realm === null ? null : /^daoge/i.test(realm);
}

/** Where the page asks for no password it tells its model: `DG1+`, `DG-Home1`. */
export function bySystemInfo({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 200) return null;
  const type = new Fields(page.json).str('minertype');
  return type === null ? null : /^DG(?:\d|-?Home)/i.test(type);
}
