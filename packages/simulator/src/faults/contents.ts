import type { Protocol } from '@headframe/model';
import { jsonSpots, withSpots } from './json-scan.ts';

/*
 * Faults of what a reply says, not of its bytes: lists without entries, values that stand still. They read JSON, the text
 * form of cgminer (`protocols.md` 1.2) and the frames of WhatsMiner (3.6); what is none of these stays as it is.
 */

/** The text of each document in a reply is changed, and what is around it kept right. */
export function inDocuments(bytes: Uint8Array, over: Protocol, change: (text: string) => string): Uint8Array {
  const whole = Buffer.from(bytes);
  if (over !== 'whatsminer') return Buffer.from(change(whole.toString('latin1')), 'latin1');
  const out: Buffer[] = [];
  let at = 0;
  while (at + 4 <= whole.length) {
    const end = at + 4 + whole.readUInt32LE(at);
    // Raw bytes of a log: no frames.
    if (end > whole.length) break;
    const body = Buffer.from(change(whole.toString('latin1', at + 4, end)), 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    out.push(length, body);
    at = end;
  }
  return Buffer.concat([...out, whole.subarray(at)]);
}

const isText = (text: string): boolean => /^(?:CMD=\w+\|)?STATUS=/.test(text);

/** What row 14 of the troubleshooting table names, as each protocol calls it. */
const LISTS: Readonly<Record<'stream' | 'other', ReadonlySet<string>>> = {
  // Newer WhatsMiners have their lists in `Msg` (3.1); what is no list there stays.
  other: new Set(['STATS', 'DEVS', 'POOLS', 'Msg']),
  stream: new Set(['edevs', 'devs', 'pools', 'devices']),
};
const RECORD = /^(?:STATS|POOL|ASC|PGA|GPU|CPU)=/;

/** Lists of devices, pools and statistics without an entry; `version` and `summary` as they are (row 14). */
export function withoutRecords(text: string, over: Protocol): string {
  if (isText(text)) {
    // Sections end with a bar that no backslash stands before.
    const sections = text.split(/(?<=(?<!\\)\|)/);
    return sections.filter((section) => !RECORD.test(section)).join('');
  }
  const lists = LISTS[over === 'whatsminer' || over === 'ethminer' ? 'stream' : 'other'];
  const gone = jsonSpots(text).filter(({ kind, path }) => kind === 'list' && lists.has(String(path.at(-1))));
  // The outer one of two lists takes the inner one with it.
  return withSpots(
    text,
    gone.sort((a, b) => a.from - b.from || b.to - a.to).map((spot) => ({ ...spot, by: '[]' })),
  );
}

/** Times: they go on, whatever stands still. */
const CLOCK =
  /elapsed|uptime|runtime|^(?:when|date|minutes|time|timestamp)$|[a-z][ _]time$|(?:boot|system|local)Time$/i;
/** Counted where shares are submitted, not where hashboards are read; the time of the last one is of that kind. */
const SHARES =
  /^(?:accepted|rejected|stale|discarded|getworks?|local work|works|bestdiff|best(?:session|nonce)diff|blockheight|total mh|(?:found|network|found_)blocks)$|shares|submitted|failures|utility|^last ?(?:share|accepted|valid work|getwork)|^diff1 |^difficulty|^best share| blocks$|(?:rejected|stale)%+$/i;
/** Belongs to the conversation, or is a secret of it: a reply would be a wrong one. */
const NEVER = /^(?:id|status|code|error|enc)$|salt|token|session_?id|nonce$/i;

const NUMERIC = /^"?[-+]?\s*(?:0x)?\d[\d.,;:\s\-a-f]*(?:\s?[a-z%°/]{0,5})"?$/i;
const BRACKETS = /(\w{1,40})\[([^\][]{0,2000})\]/g;

/** What a device said first under a fault, and goes on saying. */
export class Frozen {
  readonly #kept = new Map<string, string>();

  /** Another fault: what was kept is forgotten. */
  thaw(): void {
    this.#kept.clear();
  }

  /**
   * Row 18 and T-15: hash rates, hardware errors, temperatures, fans, voltages and powers as in the first reply, while
   * clocks go on. A reader of hashboards that is stuck leaves the counts of shares alone, values from a cache do not.
   * @param scope what is asked, where replies do not tell it: a path, a method
   * @param sharesToo the counts of shares stand still as well
   */
  freeze(text: string, scope: string, sharesToo: boolean): string {
    return isText(text) ? this.#inText(text, sharesToo) : this.#inJson(text, scope, sharesToo);
  }

  #inJson(text: string, scope: string, sharesToo: boolean): string {
    const changes = jsonSpots(text).flatMap((spot) => {
      const { path, from, to, kind } = spot;
      if (kind === 'list') return [];
      const value = text.slice(from, to);
      // A joined reply has the replies of its parts in lists of one, by the names of their commands.
      const within = /^[a-z+]+$/.test(String(path[0])) && path[1] === 0 && path.length > 3 ? path.slice(2) : path;
      const by = this.#still(`${scope} ${within.join('/')}`, within, value, sharesToo);
      return by === value ? [] : [{ from, to, by }];
    });
    return withSpots(text, changes);
  }

  #still(spot: string, path: readonly (string | number)[], value: string, sharesToo: boolean): string {
    const stat = path.length === 2 && path[0] === 'result' ? path[1] : null;
    // miner_getstat1 (5.5): minutes, then `kh;accepted;rejected`.
    if (stat === 1) return value;
    if (stat === 2 && !sharesToo) {
      const [rate = '', ...shares] = value.split(';');
      return [this.#keep(spot, rate), ...shares].join(';');
    }
    const names = path.filter((key): key is string => typeof key === 'string');
    if (goesOn(names, sharesToo)) return value;
    // Avalon's records (4): `Elapsed[77] TMax[83] Fan1[4200]` in one text.
    if ([...value.matchAll(BRACKETS)].length > 2)
      return value.replace(BRACKETS, (all, name: string, inner: string) =>
        goesOn([name], sharesToo) ? all : `${name}[${this.#keep(`${spot} ${name}`, inner)}]`,
      );
    return NUMERIC.test(value) ? this.#keep(spot, value) : value;
  }

  #inText(text: string, sharesToo: boolean): string {
    return text
      .split(/((?<!\\)\|)/)
      .map((section, i) => {
        const fields = section.split(/(?<!\\),/);
        if (/^(?:STATUS|CMD)=/.test(section)) return section;
        return fields
          .map((field) => {
            const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(field) ?? [];
            if (name === '' || !NUMERIC.test(value) || goesOn([name], sharesToo)) return field;
            return `${name}=${this.#keep(`text ${fields[0]} ${i} ${name}`, value)}`;
          })
          .join(',');
      })
      .join('');
  }

  #keep(spot: string, value: string): string {
    const before = this.#kept.get(spot);
    if (before === undefined) this.#kept.set(spot, value);
    return before ?? value;
  }
}

/** Whether a value moves although the machine's are frozen. */
function goesOn(names: readonly string[], sharesToo: boolean): boolean {
  if (names.some((name) => NEVER.test(name))) return true;
  return names.some((name) => SHARES.test(name)) ? !sharesToo : CLOCK.test(names.at(-1) ?? '');
}
