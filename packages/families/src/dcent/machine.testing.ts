import { HeadframeError, type Links, type RawReply } from '@headframe/model';

/*
 * A DCENT_OS machine as the documents have it (protocols.md 9), records typed by hand from the field names of its
 * published source: an S19j Pro with two hashboards, one pool in use and one in reserve. It shares nothing with the
 * simulated one.
 */

type Answer = unknown | HeadframeError | ((parameter: string) => unknown);

export const VERSION = '0.5.0';
export const NOW = 1_780_000_000_000;

const status = (code: number, msg: string, letter: string) => ({
  STATUS: [{ STATUS: letter, When: NOW / 1000, Code: code, Msg: msg, Description: `dcentrald/${VERSION}` }],
  id: 1,
});
export const said = (code: number, msg: string, sections: object = {}) => ({ ...sections, ...status(code, msg, 'S') });
export const no = (code: number, msg: string) => status(code, msg, 'E');

/** What the gate for the local network says, word for word. */
export const LAN_WRITES_OFF = (verb: string) =>
  no(
    45,
    `access denied: LAN writes disabled — '${verb}' is a mutating/control command and the peer is not loopback. Enable [api] cgminer_lan_writes=true on a trusted LAN, or issue control commands from the device itself.`,
  );
export const OBSERVER = (verb: string) =>
  no(45, `access denied: observer-only API forbids control/session command '${verb}'`);

const board = (place: number, id: number, chips: number, more: object) => ({
  ASC: place,
  Name: `chain${id}`,
  ID: place,
  Enabled: chips > 0 ? 'Y' : 'N',
  Status: chips > 0 ? 'Alive' : 'Dead',
  'MHS av': 21_000_000,
  'MHS 5s': 21_000_000,
  Accepted: 0,
  'Hardware Errors': 3,
  chain_acn: chips,
  Temperature: 62.5,
  frequency: 525,
  voltage: 13.7,
  'Last Share Time': 1_779_999_990,
  _DCENTUnsupported: ['Accepted', 'Rejected'],
  ...more,
});

export const pool = (place: number, url: string, user: string, state: string) => ({
  POOL: place,
  URL: url,
  Status: state,
  Priority: place,
  Quota: 1,
  Accepted: place === 0 ? 40 : 0,
  Rejected: place === 0 ? 1 : 0,
  Stale: 0,
  User: user,
  'Last Share Time': place === 0 ? 1_779_999_990 : 0,
  'Last Share Difficulty': 0,
  'Work Difficulty': place === 0 ? 512 : 0,
  'Stratum Active': state === 'Alive',
  'Stratum Difficulty': place === 0 ? 512 : 0,
  _DCENTUnsupported: ['Stale', 'Last Share Difficulty'],
});

const reads: Readonly<Record<string, unknown>> = {
  version: said(22, 'Version', {
    VERSION: [
      {
        CGMiner: `dcentrald/${VERSION}`,
        API: '3.7',
        Type: 'Antminer S19j Pro',
        Miner: `dcentrald/${VERSION}`,
        BMMiner: `dcentrald/${VERSION}`,
        Firmware: 'DCENTOS',
        DCENTOS: VERSION,
        Description: `DCENT_OS dcentrald/${VERSION} (open-source firmware on Antminer hardware)`,
        _DCENTNote: 'Type is the real hardware model',
      },
    ],
  }),
  coin: said(78, 'Coin', { COIN: [{ 'Hash Method': 'sha256d', LP: true, 'Network Difficulty': 0 }] }),
  summary: said(11, 'Summary', {
    SUMMARY: [
      {
        Elapsed: 7_800,
        'MHS av': 41_250_500,
        'MHS 5s': 40_900_000,
        'MHS 1m': 41_250_500,
        'MHS 5m': 41_250_500,
        'MHS 15m': 41_250_500,
        'GHS av': 41_250.5,
        'GHS 5s': 40_900,
        MAC: 'AA:BB:CC:DD:EE:FF',
        Hostname: 'heater',
        hostname: 'heater',
        Accepted: 40,
        Rejected: 1,
        'Hardware Errors': 10,
        Stale: 0,
        'Best Share': 60_933.43,
        _DCENTUnsupported: ['Stale', 'Found Blocks'],
      },
    ],
  }),
  stats: said(70, 'Stats', {
    STATS: [
      {
        STATS: 0,
        ID: 'BMMiner0',
        Type: 'DCENTos',
        Elapsed: 7_800,
        miner_count: 2,
        fan_num: 2,
        fan1: 2_940,
        fan2: 0,
        total_rateideal: 103_950,
        chain_acn1: 126,
      },
      { STATS: 6, ID: 'CHAIN6', chain_acn: 126, status: 'mining' },
      { STATS: 7, ID: 'CHAIN7', chain_acn: 0, status: 'dead' },
    ],
  }),
  devs: said(9, 'Devs', {
    DEVS: [board(0, 6, 126, {}), board(1, 7, 0, { 'MHS 5s': 0, Temperature: 0, frequency: 0, voltage: 0 })],
  }),
  pools: said(7, 'Pools', {
    POOLS: [
      pool(0, 'stratum+tcp://pool.example:3333', 'bc1qab…wxyz', 'Alive'),
      pool(1, 'stratum+tcp://b.example:3333', 'rig.1', 'Standby'),
    ],
  }),
  metrics: said(70, 'Metrics', {
    METRICS: [
      {
        Elapsed: 7_800,
        Power: 1_000,
        'Wall Power': 1_080,
        'Power Source': 'pmbus',
        'Power Live Available': true,
        'Power Modeled': false,
      },
    ],
  }),
  limits: said(33, 'Limits', {
    LIMITS: [
      {
        voltage_mv: { min: 5_000, max: 14_500, default: 13_700 },
        frequency_mhz: { min: 100, max: 900, default: 500 },
        fan_pwm: { min: 0, max: 100, default: 30 },
      },
    ],
  }),
};

const TEN_MINUTES_MS = 600_000;

export class DcentDouble {
  now = NOW;
  /** Every request that came, as text. */
  readonly got: string[] = [];
  /** Answers in the place of the ones above, by command. */
  readonly answers: Record<string, Answer>;
  session: { readonly id: string; usedAt: number } | null = null;
  /** Port 4028 does not listen. */
  isClosed = false;
  #ids = 0;

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = answers;
  }

  links(): Links {
    return { clock: { now: () => this.now }, cgminer: { exchange: async (request) => this.#exchange(request) } };
  }

  #exchange(request: Uint8Array): RawReply {
    if (this.isClosed) throw new HeadframeError('link/refused');
    const text = new TextDecoder().decode(request);
    // Without a line feed it would wait for five seconds.
    if (!text.endsWith('\n')) throw new HeadframeError('link/timed-out-waiting');
    this.got.push(text.trimEnd());
    const { command, parameter = '' } = JSON.parse(text) as { command: string; parameter?: string };
    const doc = command.includes('+') ? this.#batch(command.split('+')) : this.#one(command, parameter);
    // No NUL behind it, and no line feed: the end is that of the connection.
    return { bytes: new TextEncoder().encode(JSON.stringify(doc)), at: this.now, ms: 1, ended: 'fin' };
  }

  /** Everything in one object under one status; what a command refuses is dropped. */
  #batch(commands: readonly string[]): unknown {
    const all = commands.map((command) => {
      const { STATUS, id, ...sections } = this.#one(command, '') as Record<string, unknown>;
      return sections;
    });
    return said(22, 'Batch', Object.assign({}, ...all));
  }

  #one(command: string, parameter: string): unknown {
    const answer = Object.hasOwn(this.answers, command) ? this.answers[command] : reads[command];
    if (answer instanceof HeadframeError) throw answer;
    if (typeof answer === 'function') return (answer as (parameter: string) => unknown)(parameter);
    return answer ?? this.#session(command, parameter) ?? no(14, `Invalid command: ${command}`);
  }

  #session(command: string, parameter: string): unknown {
    if (this.session !== null && this.now - this.session.usedAt >= TEN_MINUTES_MS) this.session = null;
    switch (command) {
      case 'session':
        return said(22, this.session === null ? 'No active session' : 'Session active', {
          SESSION: [{ Session: this.session === null ? 0 : 1, SessionID: '', AgeSeconds: 0 }],
        });
      case 'logon':
        if (this.session !== null) {
          return no(45, 'A session is already active (single-session mutex). logoff/kill it first.');
        }
        this.session = { id: `aB3dE6g${++this.#ids}`, usedAt: this.now };
        return said(22, 'Session created', { SESSION: [{ SessionID: this.session.id, Session: 0 }] });
      case 'logoff':
        if (this.session?.id !== parameter) {
          return no(15, 'logoff: no matching active session for the supplied SessionID');
        }
        this.session = null;
        return said(22, 'Session ended');
      case 'kill':
        this.session = null;
        return said(22, 'Active session force-terminated', { KILLED: true });
      default:
        return null;
    }
  }
}
