import type { Reaction, SimulatedConversation } from '@headframe/families/sim';

/*
 * A kept connection that answers JSON-RPC in lines from what was recorded (protocols.md 5.1 to 5.4). Each request has an
 * answer of its own, however the network cut or joined them: the habits of the real program in that are the simulator's.
 */

/** A line that never ends is no request. */
const MOST_LINE_BYTES = 64 * 1024;
/** As the real program tells HTTP from lines (protocols.md 5.2). */
const HTTP = /^[A-Z]{1,6} \S+ (HTTP\/1\.\d)/;
/** What changes the rig or the program (protocols.md 5.5). Of a recording nothing can: a port that is read-only says so. */
const WRITES: ReadonlySet<string> = new Set([
  ...[
    'miner_restart',
    'miner_reboot',
    'miner_shuffle',
    'miner_pausegpu',
    'miner_setverbosity',
    'miner_setscramblerinfo',
  ],
  ...['miner_setactiveconnection', 'miner_addconnection', 'miner_removeconnection'],
]);
const MOST_ID = 4_294_967_295;

export interface RecordedMethods {
  /** The reply line of a method, as Latin-1 text, with the id of the request that it was recorded with. */
  readonly recorded: (method: string) => string | undefined;
  /** What api_authorize takes; null: nothing is asked for. */
  readonly password: string | null;
}

export class RecordedLines implements SimulatedConversation {
  readonly #methods: RecordedMethods;
  #authorised: boolean;
  #waiting = '';
  #over = false;

  constructor(methods: RecordedMethods) {
    this.#methods = methods;
    this.#authorised = methods.password === null;
  }

  receive(bytes: Uint8Array): Reaction {
    if (this.#over) return { chunks: [], end: 'fin' };
    this.#waiting += Buffer.from(bytes).toString('latin1');
    const [, version] = HTTP.exec(this.#waiting) ?? [];
    if (version !== undefined) {
      const body = 'This page was not recorded';
      return this.#close(
        `${version} 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
    const lines = this.#waiting.split('\n');
    this.#waiting = lines.pop() ?? '';
    if (this.#waiting.length > MOST_LINE_BYTES) return this.#close('');
    const replies = lines.filter((line) => line.trim() !== '').map((line) => this.#answer(line));
    return { chunks: replies.map((reply) => chunk(`${reply}\n`)), end: 'keep' };
  }

  #close(text: string): Reaction {
    this.#over = true;
    this.#waiting = '';
    return { chunks: text === '' ? [] : [chunk(text)], end: 'fin' };
  }

  #answer(line: string): string {
    let request: unknown;
    try {
      request = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
    } catch {
      return said(null, { errorcode: '-32700', message: 'Json parse error' });
    }
    const { id, jsonrpc, method, params } = (request ?? {}) as Record<string, unknown>;
    if (id === undefined || id === null || id === '')
      return refused(null, -32600, 'Invalid Request (missing or empty id)');
    if (!isId(id)) return refused(null, -32600, 'Invalid Request (id has invalid type)');
    if (jsonrpc !== '2.0' || typeof method !== 'string') return refused(id, -32600, 'Invalid Request');
    if (method === 'api_authorize') return this.#authorise(id, params);
    if (!this.#authorised) return refused(id, -403, 'Authorization needed');
    const recorded = this.#methods.recorded(method);
    if (recorded !== undefined) return withId(recorded, id);
    return refused(id, -32601, WRITES.has(method) ? 'Method not available' : 'Method not found');
  }

  /** A right password is answered with neither result nor error (protocols.md 5.3). */
  #authorise(id: string | number, params: unknown): string {
    this.#authorised = (params as { psw?: unknown } | null | undefined)?.psw === (this.#methods.password ?? '');
    return this.#authorised ? JSON.stringify({ id, jsonrpc: '2.0' }) : refused(id, -401, 'Invalid password');
  }
}

const isId = (id: unknown): id is string | number =>
  typeof id === 'string' || (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= MOST_ID);

const said = (id: string | number | null, error: object): string => JSON.stringify({ error, id, jsonrpc: '2.0' });
const refused = (id: string | number | null, code: number, message: string): string => said(id, { code, message });

/** The first member of that name is that of the reply: none of ethminer's results has one. */
const ID = /"id"(\s*:\s*)(?:"(?:[^"\\]|\\.)*"|-?[\d.eE+-]+|null)/;

/** The rest stays as it was recorded, digit for digit. */
const withId = (line: string, id: string | number): string =>
  line.replace(ID, (_, colon: string) => `"id"${colon}${JSON.stringify(id)}`);

const chunk = (text: string) => ({ bytes: Buffer.from(text, 'latin1'), afterMs: 0 });
