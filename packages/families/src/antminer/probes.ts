import type { HttpDoc, Probe, Reply, Verdict } from '@headframe/model';
import { first, section } from '@headframe/wire/cgminer';
import { realmOf } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { MONITOR_PAGES, saysUnknownPage, serialFrom } from './monitor.ts';
import { namesOtherFirmware } from './quirks.ts';
import { SYSTEM_INFO_PATH } from './view.ts';

/** Port 4028: bmminer, or a machine that calls itself an Antminer, and no word of other firmware. */
function byVersion({ doc }: Reply): Verdict {
  if (section(doc, 'VERSION').length === 0) return null;
  const version = first(doc, 'VERSION');
  if (namesOtherFirmware(Object.fromEntries(version.keys().map((key) => [key, version.raw(key)])))) return false;
  const type = version.str('Type');
  return type === null ? (version.has('BMMiner') ? true : null) : /^antminer/i.test(type);
}

/** The web page wants a password before it says anything; its realm names the maker (protocols.md 0 and 2.2). */
function byRealm({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 401) return null;
  const realm = realmOf(page.headers['www-authenticate'] ?? '')?.toLowerCase() ?? '';
  // Machines of other makers with a copy of this web page: Hammer and VolcMiner, Elphapex.
  if (realm.startsWith('blackminer') || realm.startsWith('daoge')) return false;
  return realm.startsWith('antminer') ? true : null;
}

/** Where the page asks for no password it tells its model. */
function bySystemInfo({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 200) return null;
  const type = new Fields(page.json).str('minertype');
  return type === null ? null : /antminer/i.test(type) && !namesOtherFirmware({ type });
}

/**
 * Port 6060 names nobody, but no other service has its words (protocols.md 2.5): a serial number as plain text, or
 * `error 6060 cmd` where this machine has no such page.
 */
function byMonitor({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null) return null;
  if (saysUnknownPage(page.text)) return true;
  return page.status === 200 && serialFrom(page.text) !== null ? true : null;
}

export const probes: readonly Probe[] = [
  { over: 'cgminer', ask: 'version', is: byVersion },
  { over: 'http', ask: '/', is: byRealm },
  { over: 'http', ask: SYSTEM_INFO_PATH, tier: 1, is: bySystemInfo },
  { over: 'monitor', ask: MONITOR_PAGES.sn, is: byMonitor },
];
