import {
  type Action,
  blankIdentity,
  HeadframeError,
  type Links,
  type Prepared,
  readParameters,
  type Seen,
  type StepVerdict,
  type TcpLink,
} from '@headframe/model';
import { actionsOfEthminer, ownOfEthminer } from './commands.ts';

/*
 * A rig for tests of our own end, typed from protocols.md 5.3 to 5.7 and the recorded replies: a table of answers and the
 * few things that a write moves. Numbers are kept as text, as they stand on the wire.
 */

export const NOW = Date.UTC(2026, 5, 1);

export interface Gpu {
  paused: boolean;
  reason: string | null;
}

/** The releases whose replies differ. */
export type Release = '0.19.0' | '0.17.1' | '0.16.1' | '0.15.0' | '0.14.0';

export class TestRig {
  release: Release = '0.19.0';
  gpus: Gpu[] = [0, 1, 2].map(() => ({ paused: false, reason: null }));
  connections = ['stratum1+tcp://0xab.rig:pw1@a.example:4444', 'stratum+tcp://0xab.rig@b.example:14444'];
  active = 0;
  connected = true;
  startNonce = '16704043538687679721';
  width = 40;
  hashing = true;
  /** After a restart the lists of miner_getstat1 are longer. */
  lists = 1;
  runtimeS = 7_200;
  shares: readonly [number, number, number, number] = [54, 2, 1, 30];
  password: string | null = null;
  readOnly = false;
  script = true;
  /** Says yes and does nothing. */
  lies = false;
  /** What is answered to a method instead; null: nothing, for ever. */
  readonly instead = new Map<string, string | null>();
  /** Every line that came, without its LF. */
  readonly got: string[] = [];
  opened = 0;
  ended = 0;
  now = NOW;

  links(password: string | null = null): Links {
    return {
      clock: { now: () => this.now },
      credentials: password === null ? null : { username: '', password },
      ethminer: this.link,
    };
  }

  /** The methods that were asked, in their order. */
  get methods(): string[] {
    return this.got.map((line) => (JSON.parse(line) as { method: string }).method);
  }

  get writes(): string[] {
    return this.got.filter((line) => !/"method":"(?:miner_get|miner_ping|api_)/.test(line));
  }

  private readonly link: TcpLink = {
    exchange: () => Promise.reject(new Error('ethminer keeps its connections')),
    open: async () => {
      this.opened++;
      let waiting = '';
      let isOpen = this.password === null;
      return {
        write: async (bytes) => {
          const text = new TextDecoder().decode(bytes);
          if (!/^[^\n]{4,}\n$/.test(text)) throw new Error(`not one line: ${JSON.stringify(text)}`);
          if (waiting !== '') throw new Error('asked before the reply was heard');
          this.got.push(text.trimEnd());
          const { id, method, params = {} } = JSON.parse(text) as Request;
          if (method === 'api_authorize') {
            isOpen = params.psw === (this.password ?? '');
            waiting = line(id, isOpen ? '' : error(-401, 'Invalid password'));
          } else if (!isOpen) waiting = line(id, error(-403, 'Authorization needed'));
          else if (this.instead.has(method)) waiting = (this.instead.get(method) ?? '').replaceAll('ID', String(id));
          else waiting = line(id, this.answer(method, params, text));
        },
        read: async (frame) => {
          const bytes = new TextEncoder().encode(waiting);
          const length = frame(bytes, false);
          if (length === null) throw new HeadframeError('link/timed-out-waiting');
          waiting = new TextDecoder().decode(bytes.subarray(length));
          return bytes.subarray(0, length);
        },
        end: () => {
          this.ended++;
        },
      };
    },
  };

  private answer(method: string, params: Params, text: string): string {
    const { release } = this;
    const isNew = release === '0.19.0';
    const isOldServer = release === '0.15.0' || release === '0.14.0';
    switch (method) {
      case 'miner_getstat1':
        return result(this.stat1());
      case 'miner_getstathr':
        return isNew ? NOT_FOUND : result(this.statHr());
      case 'miner_restart':
        return this.write(() => {
          this.hashing = false;
          this.lists++;
        });
      case 'miner_reboot':
        return this.readOnly ? NOT_AVAILABLE : result(String(this.script));
      case 'miner_ping':
        return release === '0.14.0' ? NOT_FOUND : result('"pong"');
      case 'miner_shuffle':
        if (release === '0.14.0') return NOT_FOUND;
        return this.write(() => {
          this.startNonce = '6636918940706763208';
        });
    }
    if (isOldServer) return NOT_FOUND;
    switch (method) {
      case 'miner_getstatdetail':
        if (release === '0.16.1') return NOT_FOUND;
        return result(isNew ? this.detail() : this.olderDetail());
      case 'miner_getconnections': {
        const each = this.connections.map((uri, index) => ({ active: index === this.active, index, uri }));
        return result(JSON.stringify(each));
      }
      case 'miner_getscramblerinfo':
        return result(isNew ? this.scrambler() : this.olderScrambler());
      case 'miner_setactiveconnection':
        return this.write(() => {
          this.active = params.index ?? this.connections.indexOf(String(params.URI));
        });
      case 'miner_addconnection':
        return this.write(() => this.connections.push(String(params.uri)));
      case 'miner_removeconnection':
        return this.write(() => this.connections.splice(params.index ?? 0, 1));
      case 'miner_setscramblerinfo':
        return this.write(() => {
          // Read from the text: the number has more digits than JavaScript keeps.
          this.startNonce = /"noncescrambler":(\d+)/.exec(text)?.[1] ?? this.startNonce;
          this.width = params.segmentwidth ?? this.width;
        });
      case 'miner_pausegpu':
        return this.write(() => {
          const gpu = this.gpus[params.index ?? -1];
          if (gpu === undefined || (!params.pause && gpu.reason === 'Overheating')) return;
          gpu.paused = params.pause === true;
          gpu.reason = params.pause === true ? 'Api request' : null;
        });
      case 'miner_setverbosity':
        return this.write(() => {});
      default:
        return NOT_FOUND;
    }
  }

  private write(does: () => void): string {
    if (this.readOnly) return NOT_AVAILABLE;
    if (!this.lies) does();
    return result('true');
  }

  private stat1(): string {
    const { gpus, lists, release } = this;
    const each = Array.from({ length: gpus.length * lists }, () => (this.hashing ? '29000' : '0'));
    const total = this.hashing ? 29_000 * gpus.length : 0;
    const prefix = release === '0.15.0' || release === '0.14.0' ? '' : 'ethminer-';
    const [accepted, rejected, failed] = this.shares;
    return JSON.stringify([
      `${prefix}${release}`,
      String(Math.floor(this.runtimeS / 60)),
      `${total};${accepted};${rejected}`,
      each.join(';'),
      '0;0;0',
      each.map(() => 'off').join(';'),
      each.map(() => '61;54').join(';'),
      'a.example:4444',
      `${failed};0;0;0`,
    ]);
  }

  private detail(): string {
    const hashrate = (hs: number) => `"0x${hs.toString(16).padStart(8, '0')}"`;
    const [accepted, rejected, failed, since] = this.shares;
    const devices = this.gpus.map(({ paused, reason }, i) => {
      const rate = hashrate(this.hashing ? 29_000_000 : 0);
      const pause = JSON.stringify(reason);
      const [from, to] = [i, i + 1].map(
        (n) =>
          `"0x${((BigInt(this.startNonce) + (BigInt(n) << BigInt(this.width))) % (1n << 64n)).toString(16).padStart(16, '0')}"`,
      );
      return `{"_index":${i},"_mode":"CUDA","hardware":{"name":"GeForce GTX 1070 8.00 GB","pci":"0${i + 1}:00.0","sensors":[61,54,112.5],"type":"GPU"},"mining":{"hashrate":${rate},"pause_reason":${pause},"paused":${paused},"segment":[${from},${to}],"shares":[${i === 0 ? accepted : 0},0,0,${since}]}}`;
    });
    const total = hashrate(this.hashing ? 29_000_000 * this.gpus.length : 0);
    return `{"connection":{"connected":${this.connected},"switches":1,"uri":${JSON.stringify(this.connections[this.active])}},"devices":[${devices}],"host":{"name":"rig-01","runtime":${this.runtimeS},"version":"ethminer-0.19.0"},"mining":{"difficulty":3999938964.0,"epoch":218,"epoch_changes":1,"hashrate":${total},"shares":[${accepted},${rejected},${failed},${since}]},"monitors":{"temperatures":[63,69]}}`;
  }

  private olderDetail(): string {
    const [accepted, rejected, invalid, since] = this.shares;
    const counts = `{"accepted":${accepted},"acceptedstale":1,"invalid":${invalid},"lastupdate":${since},"rejected":${rejected}}`;
    const gpus = this.gpus.map(
      ({ paused, reason }, i) =>
        `{"fan":54,"hashrate":${this.hashing ? 29_000_000 : 0},"index":${i},"ispaused":${paused},"nonce_start":${BigInt(this.startNonce) + (BigInt(i) << 40n)},"nonce_stop":${BigInt(this.startNonce) + (BigInt(i + 1) << 40n)},"pause_reason":"${reason === 'Api request' ? 'api' : reason === null ? '' : 'temperature'}","power":112.5,"shares":${counts},"temp":61}`,
    );
    return `{"connection":{"isconnected":${this.connected},"switched":0,"uri":${JSON.stringify(this.connections[this.active])}},"difficulty":3999938964.0,"epoch":218,"epoch_changes":1,"gpus":[${gpus}],"hashrate":${this.hashing ? 87_000_000 : 0},"hostname":"rig-01","runtime":${this.runtimeS},"shares":${counts},"tstart":63,"tstop":69,"version":"ethminer-0.17.1"}`;
  }

  private statHr(): string {
    const rate = this.hashing ? 29_000_000.5 : 0;
    const each = <T>(value: (gpu: Gpu) => T): T[] => this.gpus.map(value);
    const [accepted, rejected, invalid] = this.shares;
    const paused =
      this.release === '0.16.1' || this.release === '0.17.1' ? { ispaused: each((gpu) => gpu.paused) } : {};
    return JSON.stringify({
      ethhashrate: this.hashing ? 87_000_001 : 0,
      ethhashrates: each(() => rate),
      ethinvalid: invalid,
      ethpoolsw: 0,
      ethrejected: rejected,
      ethshares: accepted,
      fanpercentages: each(() => 54),
      ...paused,
      pooladdrs: 'a.example:4444',
      powerusages: each(() => 112.5),
      runtime: String(Math.floor(this.runtimeS / 60)),
      temperatures: each(() => 61),
      version: `ethminer-${this.release}`,
    });
  }

  private scrambler(): string {
    const start = BigInt(this.startNonce).toString(16).padStart(16, '0');
    return `{"device_count":${this.gpus.length},"device_width":${this.width},"start_nonce":"0x${start}"}`;
  }

  private olderScrambler(): string {
    const segments = this.gpus.map((_, gpu) => `{"gpu":${gpu},"start":1,"stop":2}`);
    return `{"noncescrambler":${this.startNonce},"segments":[${segments}],"segmentwidth":${this.width}}`;
  }
}

interface Params {
  readonly index?: number;
  readonly uri?: string;
  readonly URI?: string;
  readonly pause?: boolean;
  readonly psw?: string;
  readonly segmentwidth?: number;
}
interface Request {
  readonly id: number;
  readonly method: string;
  readonly params?: Params;
}

const result = (json: string): string => `"result":${json}`;
const error = (code: number, message: string): string => `"error":{"code":${code},"message":"${message}"}`;
const NOT_FOUND = error(-32601, 'Method not found');
const NOT_AVAILABLE = error(-32601, 'Method not available');
const line = (id: number, said: string): string => `{"id":${id},"jsonrpc":"2.0"${said === '' ? '' : `,${said}`}}\n`;

/** Under the names that a person gives, of the latest release. */
const ACTIONS: Readonly<Record<string, Action>> = {
  ...actionsOfEthminer(blankIdentity('ethminer')),
  ...Object.fromEntries(
    Object.entries(ownOfEthminer(blankIdentity('ethminer'))).map(([name, one]) => [`ethminer.${name}`, one]),
  ),
};

export async function prepare(links: Links, name: string, given: Record<string, unknown> = {}): Promise<Prepared> {
  const one = ACTIONS[name];
  if (one === undefined) throw new Error(`no action ${name}`);
  return one.prepare(links, readParameters(name, one, given));
}

/** Runs the steps of an action as the client does. */
export async function perform(links: Links, { steps }: Prepared): Promise<StepVerdict[]> {
  const verdicts: StepVerdict[] = [];
  for (const step of steps) {
    const request = step.request('');
    if (!('converse' in request) || links.ethminer === undefined) throw new Error('all its steps converse');
    verdicts.push(await request.converse(links.ethminer, () => {}));
  }
  return verdicts;
}

export async function look(links: Links, { readBack }: Prepared): Promise<Seen> {
  if ('never' in readBack) throw new Error(readBack.never);
  return readBack.look(links, NOW);
}

export const shownBy = ({ steps }: Prepared): string[] => steps.map((step) => step.request('').shown);

/** The code of what a promise rejects with. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'none';
  } catch (thrown) {
    if (thrown instanceof HeadframeError) return thrown.code;
    throw thrown;
  }
}
