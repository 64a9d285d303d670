import { createHash, randomBytes } from 'node:crypto';
import { redactPoolUri } from './pool-uri.ts';

/** Keys whose value opens a door, or helps to: with its salts a password can be tried out at home (protocols.md 3.2). */
const SECRET = /pass|pwd|^_ant_pool\dpw$|token|secret|api[-_ ]?key|^(new)?salt$|^sign$/i;
/** Keys that name an account at a pool. */
const WORKER = /^((current )?user|worker\d?|username|login|account|(fallback)?stratumuser)$/i;
/** Keys whose value names one machine, chip or place in the world. */
const SERIAL =
  /serial|serinum|minersn|powersn|(^|[ _-]|pcb|custom(er)?)sn\d*$|^dna$|miner_id|^(u|hw)id$|chip ?id|ssid|host ?name|contract_?name/i;
/** Where in its owner's network it was; a mask is no place. */
const PLACE = /^(conf_)?((host)?ip(address|addr|v4|v6)?|(default_)?gateway|gwaddr|bcastaddr|dns(_servers|addrs)?)$/i;
/** Only by its value is it known which kind of address stands here. */
const ADDRESS_KEY = /^addr(ess)?$/i;
const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^[\da-f:.%]*:[\da-f:.%]*:/i;
/** Whom a block would pay, as an AxeOS decodes it (protocols.md 6.3): of who mines alone that is the account. */
const PAYEE = /^(?:(?:bc1|tb1)[a-z0-9]{20,80}|[13][1-9a-km-z]{25,34})$/i;
/** A character, or the escape that stands for one. */
const CHARACTER = /\\u[0-9a-f]{4}|\\.|./gis;
/** Reserved for documents (RFC 5737, RFC 3849). */
const NOWHERE = { ipv4: '192.0.2.1', ipv6: '2001:db8::1' };

/** A member of a JSON object whose value is text or a number. */
const MEMBER = /"((?:[^"\\]|\\.)*)"(\s*:\s*)(?:"((?:[^"\\]|\\.)*)"|(-?\d[\d.eE+-]*))/g;
/** A list of plain texts, such as the serial numbers of all hashboards, or the name servers. */
const LIST = /"([^"\\]{1,64})"(\s*:\s*)\[([^[\]{}]{0,4096})\]/g;
const TEXT = /"((?:[^"\\]|\\.)*)"/g;
/** A field of the text form, `User=account.worker`; commas within are escaped (protocols.md 1.3). */
const FIELD = /(^|[,|])([\w %-]+)=((?:[^,|\\]|\\.)+)/g;
const MAC = /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi;
/** A MAC address without separators is one by its name only. */
const MAC_KEY = /^mac(_?addr(ess)?)?$/i;
const BARE_MAC = /^[0-9a-f]{12}$/i;
/** The tokens of an Avalon's long record. */
const TOKEN = /\b(DNA|SSID|SN\d{0,2}|MAC)\[([^\]"]{0,256})\]/g;
/** What is of ours already, as behind {@link URI_KEY}, stays. */
const USERINFO = /(\w{1,20}:\/\/)(?!account\.worker\d+(?::x)?@)[^\s/"@]+@/g;
/** A pool with user and password in it, as an ethminer tells it (protocols.md 5.5). */
const URI_KEY = /^uri$/i;
/** ethminer's computer is the `name` of its `host` (protocols.md 5.5); each GPU has a name too, which is that of its kind. */
const HOST = /("host"\s*:\s*\{[^{}]{0,512}?"name"\s*:\s*")((?:[^"\\]|\\.)*)(?=")/g;

/**
 * Takes out of a reply what belongs to its owner: passwords, pool accounts, MAC addresses, serial numbers, names of
 * hosts and networks. Works on the text, so that a broken reply is redacted too and keeps how it is broken. What is
 * replaced keeps its length and its kind (digits stay digits); the same value is replaced by the same one throughout.
 */
export class Redactor {
  readonly #salt = randomBytes(16);
  readonly #workers = new Map<string, string>();

  /** @param text a reply as Latin-1 text */
  text(text: string): string {
    const redacted = text
      .replace(MEMBER, (whole, key: string, colon: string, value: string | undefined, number: string | undefined) => {
        if (value === undefined) return SERIAL.test(key) ? `"${key}"${colon}${this.#number(number ?? '')}` : whole;
        return `"${key}"${colon}"${this.#member(key, value)}"`;
      })
      .replace(LIST, (whole, key: string, colon: string, items: string) => {
        if (!SERIAL.test(key) && !PLACE.test(key)) return whole;
        return `"${key}"${colon}[${items.replace(TEXT, (_, item: string) => `"${this.#member(key, item)}"`)}]`;
      })
      .replace(HOST, (_, before: string, name: string) => `${before}${this.#alike(name)}`)
      .replace(TOKEN, (_, key: string, value: string) => `${key}[${this.#member(key, value)}]`)
      .replace(USERINFO, '$1')
      .replace(MAC, (mac) => this.#mac(mac));
    if (/^\s*[{[<]/.test(text)) return redacted;
    return redacted.replace(FIELD, (_, before: string, key: string, value: string) => {
      return `${before}${key}=${this.#member(key, value)}`;
    });
  }

  #member(key: string, value: string): string {
    if (value === '') return value;
    if (SECRET.test(key)) return 'x';
    if (WORKER.test(key)) return this.#worker(value);
    if (URI_KEY.test(key)) return redactPoolUri(value, (name) => this.#worker(name));
    if (ADDRESS_KEY.test(key) && PAYEE.test(value)) return this.#worker(value);
    if (PLACE.test(key) || (ADDRESS_KEY.test(key) && IPV4.test(value))) {
      return IPV6.test(value) ? NOWHERE.ipv6 : NOWHERE.ipv4;
    }
    if (MAC_KEY.test(key) && BARE_MAC.test(value)) return this.#mac(value);
    return SERIAL.test(key) ? this.#alike(value) : value;
  }

  #worker(value: string): string {
    const known = this.#workers.get(value);
    if (known !== undefined) return known;
    const worker = `account.worker${this.#workers.size + 1}`;
    this.#workers.set(value, worker);
    return worker;
  }

  /** A locally administered address, so that it can never be somebody's. */
  #mac(mac: string): string {
    const separator = /[:-]/.exec(mac)?.[0] ?? '';
    const bytes = ['02', ...(this.#digest(mac.toLowerCase()).match(/../g) ?? []).slice(0, 5)].join(separator);
    return mac === mac.toUpperCase() ? bytes.toUpperCase() : bytes;
  }

  /** A number stays one: no zero in front. What is no whole number is no serial number. */
  #number(digits: string): string {
    return /^\d+$/.test(digits) ? this.#alike(digits).replace(/^0(?=\d)/, '1') : digits;
  }

  /** Letters for letters, digits for digits, the rest as it is. */
  #alike(value: string): string {
    const digest = this.#digest(value);
    return (value.match(CHARACTER) ?? [])
      .map((character, i) => {
        if (character.length > 1) return character;
        const nibble = Number.parseInt(digest[i % digest.length] ?? '0', 16);
        if (/\d/.test(character)) return String(nibble % 10);
        if (/[a-f]/.test(character)) return String.fromCharCode(97 + (nibble % 6));
        if (/[A-F]/.test(character)) return String.fromCharCode(65 + (nibble % 6));
        if (/[g-z]/.test(character)) return String.fromCharCode(103 + nibble);
        return /[G-Z]/.test(character) ? String.fromCharCode(71 + nibble) : character;
      })
      .join('');
  }

  #digest(value: string): string {
    return createHash('sha256').update(this.#salt).update(value).digest('hex');
  }
}
