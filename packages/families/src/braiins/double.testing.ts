import { createHash } from 'node:crypto';
import {
  type Credentials,
  type GrpcLink,
  HeadframeError,
  type HttpLink,
  type HttpReply,
  type HttpRequest,
  type Links,
  type TcpLink,
} from '@headframe/model';
import { DOES } from './double-methods.testing.ts';
import { routeOf } from './double-rest.testing.ts';
import { freshState, NOW } from './double-state.testing.ts';
import { type Doc, decode, encode } from './wire.testing.ts';

/*
 * A BraiinsOS machine in memory, typed to protocols.md 7, the table of the interface and the published REST descriptions.
 * At port 50051 it speaks Protobuf by hand (wire.testing.ts). A test may let it refuse, lie or fall silent.
 */

export const PASSWORD = 'old-password';

/** Type of request and reply of every method it has. */
const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  GetApiVersion: ['Empty', 'ApiVersion'],
  Login: ['LoginRequest', 'LoginResponse'],
  SetPassword: ['SetPasswordRequest', 'Empty'],
  Start: ['Empty', 'Already'],
  Stop: ['Empty', 'Already'],
  PauseMining: ['Empty', 'Already'],
  ResumeMining: ['Empty', 'Already'],
  Restart: ['Empty', 'Already'],
  Reboot: ['Empty', 'Empty'],
  FactoryReset: ['Empty', 'Empty'],
  SetLocateDeviceStatus: ['Enable', 'Enabled'],
  GetLocateDeviceStatus: ['Empty', 'Enabled'],
  GetMinerConfiguration: ['Empty', 'Configuration'],
  GetConstraints: ['Empty', 'Constraints'],
  GetCoolingState: ['Empty', 'CoolingState'],
  SetCoolingMode: ['SetCoolingRequest', 'SetCoolingResponse'],
  SetImmersionMode: ['SetImmersionRequest', 'SetImmersionResponse'],
  GetLicenseState: ['Empty', 'LicenseState'],
  ApplyContractKey: ['ContractKey', 'Successful'],
  GetMinerDetails: ['Empty', 'Details'],
  GetHashboards: ['Empty', 'Hashboards'],
  EnableHashboards: ['BoardsRequest', 'BoardsResponse'],
  DisableHashboards: ['BoardsRequest', 'BoardsResponse'],
  GetNetworkInfo: ['Empty', 'NetworkInfo'],
  GetNetworkConfiguration: ['Empty', 'NetworkResponse'],
  SetNetworkConfiguration: ['Network', 'NetworkResponse'],
  GetTunerState: ['Empty', 'TunerState'],
  ListTargetProfiles: ['Empty', 'Profiles'],
  GetMinerEfficiencyProfile: ['Empty', 'Efficiency'],
  SetPowerTarget: ['PowerRequest', 'PowerResponse'],
  SetDefaultPowerTarget: ['Save', 'PowerResponse'],
  IncrementPowerTarget: ['PowerUpRequest', 'PowerResponse'],
  DecrementPowerTarget: ['PowerDownRequest', 'PowerResponse'],
  SetRelativePowerTarget: ['RelativeRequest', 'PowerResponse'],
  SetHashrateTarget: ['HashrateRequest', 'HashrateResponse'],
  SetDefaultHashrateTarget: ['Save', 'HashrateResponse'],
  IncrementHashrateTarget: ['HashrateUpRequest', 'HashrateResponse'],
  DecrementHashrateTarget: ['HashrateDownRequest', 'HashrateResponse'],
  SetRelativeHashrateTarget: ['RelativeRequest', 'HashrateResponse'],
  SetDPS: ['DpsRequest', 'DpsResponse'],
  SetPerformanceMode: ['ModeRequest', 'PerformanceMode'],
  GetActivePerformanceMode: ['Empty', 'PerformanceMode'],
  RemoveTunedProfiles: ['Empty', 'Empty'],
  SetQuickRamping: ['RampingRequest', 'RampingResponse'],
  SetDefaultQuickRamping: ['Save', 'RampingResponse'],
  GetPoolGroups: ['Empty', 'PoolGroups'],
  CreatePoolGroup: ['GroupRequest', 'GroupResponse'],
  UpdatePoolGroup: ['GroupRequest', 'GroupResponse'],
  RemovePoolGroup: ['RemoveGroupRequest', 'Empty'],
  SetPoolGroups: ['SetGroupsRequest', 'SetGroupsResponse'],
  UpdateAutoUpgradeConfig: ['AutoUpgrade', 'AutoUpgrade'],
  GetAutoUpgradeStatus: ['Empty', 'AutoUpgrade'],
  SystemUpgrade: ['UpgradePiece', 'Successful'],
  RestoreStock: ['Empty', 'Successful'],
  GetSettingsSchema: ['Empty', 'Schema'],
  GetSettings: ['SettingsRequest', 'Settings'],
  SetSettings: ['Settings', 'Applied'],
  ResetAllSettings: ['Empty', 'Settings'],
  GetMinerStatus: ['Empty', 'Status'],
  GetSupportArchive: ['ArchiveRequest', 'Chunk'],
  GetLog: ['LogRequest', 'Chunk'],
};

/** What it understood. */
export interface Heard {
  readonly door: 'grpc' | 'rest' | '4028';
  readonly method: string;
  readonly message: Doc;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export class BraiinsDouble {
  now = NOW;
  readonly state = freshState();
  readonly heard: Heard[] = [];
  /** REST as it came, body and all. */
  readonly requests: { readonly line: string; readonly body: unknown }[] = [];
  readonly open = { grpc: true, rest: true, cgminer: true };
  password = PASSWORD;
  logins = 0;
  /** Methods that are answered with an error of the link or the device; asked each time. */
  readonly fails = new Map<string, () => HeadframeError | undefined>();
  /** Methods that are answered as if they were obeyed. */
  readonly lies = new Set<string>();
  /** Replies that are others, by their method. */
  readonly alters = new Map<string, (reply: Doc) => Doc>();
  /** Methods whose reply cannot be read: bytes that are no message, a web page. */
  readonly garbles = new Set<string>();
  /** What a stream gives, by its method. */
  readonly streams = new Map<string, readonly (Uint8Array | Doc | HeadframeError)[]>();
  /** What went up: metadata, and the file. */
  readonly uploads: { metadata: Doc; file: Uint8Array; pieces: number }[] = [];
  /** An upload is cut off behind so many messages. */
  cutsUpload = Number.POSITIVE_INFINITY;
  /** MHS 5s of port 4028. */
  mhs = 100_000_000;
  readonly #tokens = new Set<string>();
  readonly #known = new Map<string, string>();

  /** Every token that it gave is over. */
  expire(): void {
    this.#tokens.clear();
  }

  links(credentials: Credentials | null = { username: 'root', password: PASSWORD }, tokens = this.#known): Links {
    return {
      clock: { now: () => this.now },
      credentials,
      tokens,
      ...(this.open.grpc ? { grpc: this.#grpc } : {}),
      ...(this.open.rest ? { http: this.#http } : {}),
      ...(this.open.cgminer ? { cgminer: this.#cgminer } : {}),
      as: (others) => this.links(others, new Map()),
    };
  }

  /** The methods it understood and that change something. */
  get writes(): Heard[] {
    return this.heard.filter(({ method }) => !/^(Get|List|Login$)/.test(method));
  }

  #login({ username, password = '' }: Doc): string {
    if (username !== 'root' || password !== this.password)
      throw new HeadframeError('auth/required', { vendorCode: 'UNAUTHENTICATED' });
    const token = `token-${++this.logins}`;
    this.#tokens.add(token);
    return token;
  }

  #do(door: Heard['door'], method: string, message: Doc): Doc {
    this.heard.push({ door, method, message });
    const error = this.fails.get(method)?.();
    if (error !== undefined) throw error;
    const does = DOES[method];
    if (method === 'SetPassword') {
      if (!this.lies.has(method)) this.password = String(message.password ?? '');
      return {};
    }
    if (does === undefined) throw new HeadframeError('support/unsupported', { vendorCode: 'UNIMPLEMENTED' });
    const reply = does(this.lies.has(method) ? structuredClone(this.state) : this.state, message, this.now);
    return this.alters.get(method)?.(reply) ?? reply;
  }

  #letIn(metadata: Readonly<Record<string, string>> = {}): void {
    if (!this.#tokens.has(metadata.authorization ?? '')) {
      throw new HeadframeError('auth/required', { vendorCode: 'UNAUTHENTICATED' });
    }
  }

  readonly #grpc: GrpcLink = {
    unary: async ({ method: call, metadata }, bytes) => {
      const method = call.split('/')[1] ?? '';
      const [request, reply] = TYPES[method] ?? ['Empty', 'Empty'];
      const message = decode(request, bytes);
      if (method === 'Login') {
        this.heard.push({ door: 'grpc', method, message: {} });
        return this.#answered(encode(reply, { token: this.#login(message), timeout_s: 3600 }));
      }
      if (method !== 'GetApiVersion') this.#letIn(metadata);
      const doc = this.#do('grpc', method, message);
      return this.#answered(this.garbles.has(method) ? Uint8Array.of(10, 200, 1) : encode(reply, doc));
    },
    stream: ({ method: call, metadata }, bytes) => this.#stream(call.split('/')[1] ?? '', bytes, metadata),
    upload: async ({ method: call, metadata }, messages, onSent) => {
      this.#letIn(metadata);
      const method = call.split('/')[1] ?? '';
      let sent = 0;
      let pieces = 0;
      let metadataDoc: Doc = {};
      const file: number[] = [];
      for await (const bytes of messages) {
        if (pieces >= this.cutsUpload) throw new HeadframeError('link/reset', { detail: 'GOAWAY' });
        const payload = decode('UpgradePiece', bytes).payload as Doc;
        if (pieces === 0) metadataDoc = payload.metadata as Doc;
        else file.push(...(payload.data as Uint8Array));
        pieces++;
        sent += bytes.length;
        onSent?.(sent);
      }
      this.heard.push({ door: 'grpc', method, message: { metadata: metadataDoc } });
      const error = this.fails.get(method)?.();
      if (error !== undefined) throw error;
      return this.#answered(
        encode('Successful', { successful: this.#upgrade(metadataDoc, Uint8Array.from(file), pieces) }),
      );
    },
  };

  #answered(message: Uint8Array) {
    return { message, headers: {}, at: this.now, ms: 1 };
  }

  async *#stream(method: string, bytes: Uint8Array, metadata?: Readonly<Record<string, string>>) {
    this.#letIn(metadata);
    const [request, reply] = TYPES[method] ?? ['Empty', 'Empty'];
    this.heard.push({ door: 'grpc', method, message: decode(request, bytes) });
    for (const one of this.streams.get(method) ?? []) {
      if (one instanceof HeadframeError) throw one;
      yield encode(reply, one instanceof Uint8Array ? { chunk_data: one } : one);
    }
  }

  /** Only a file that is what it is said to be is installed. */
  #upgrade(metadata: Doc, file: Uint8Array, pieces: number): boolean {
    this.uploads.push({ metadata, file, pieces });
    return metadata.size === file.length && metadata.hash === createHash('sha256').update(file).digest('hex');
  }

  readonly #http: HttpLink = {
    hasCredentials: true,
    http: async (request) => {
      const { method: verb, path, body } = request;
      const line = `${verb} ${path}`;
      try {
        return this.#reply(await this.#rest(request, verb, path.replace('/api/v1/', '')));
      } catch (error) {
        if (!(error instanceof HeadframeError) || error.code.startsWith('link/')) throw error;
        if (error.code === 'auth/required') return this.#reply(null, 401);
        if (error.code === 'support/unsupported') return this.#reply(null, 404);
        return this.#reply(error.context.vendorText ?? '', Number(error.context.vendorCode ?? 500));
      } finally {
        this.requests.push({ line, body: typeof body === 'string' ? JSON.parse(body) : (body ?? null) });
      }
    },
  };

  #reply(doc: unknown, status = doc === null ? 204 : 200): HttpReply {
    const body = doc === null ? new Uint8Array() : doc instanceof Uint8Array ? doc : bytesOf(doc);
    return { status, headers: {}, body, at: this.now, ms: 1 };
  }

  async #rest({ headers = {}, body }: HttpRequest, verb: string, path: string): Promise<unknown> {
    const doc = typeof body === 'string' ? JSON.parse(body) : undefined;
    if (path === 'auth/login') return { token: this.#login(doc as Doc), timeout_s: 3600 };
    if (path !== 'version/') this.#letIn({ authorization: headers.authorization ?? '' });
    if (path === 'upgrade/system-upgrade') return this.#restUpgrade(headers['content-type'] ?? '', body as Uint8Array);
    const [, log] = /^miner\/log\/(\w+)$/.exec(path) ?? [];
    if (log !== undefined) return this.#file('GetLog', { log_type: log });
    if (path === 'miner/support-archive') return this.#file('GetSupportArchive', doc as Doc);
    if (path === 'miner/status') return { status: this.state.status };
    const found = routeOf(verb, path);
    if (found === null) throw new HeadframeError('support/unsupported');
    const { route, uid } = found;
    const message = route.message?.(doc, uid) ?? {};
    const isBoards = route.method === 'PatchHashboards';
    const method = isBoards ? (message.enable === true ? 'EnableHashboards' : 'DisableHashboards') : route.method;
    const reply = this.#do('rest', method, message);
    if (this.garbles.has(method)) return new TextEncoder().encode('<html>{"password":"secret-one"}</html>');
    return route.reply === undefined ? reply : route.reply(reply);
  }

  #file(method: string, message: Doc): Uint8Array {
    this.heard.push({ door: 'rest', method, message });
    const pieces = (this.streams.get(method) ?? []) as readonly Uint8Array[];
    return Uint8Array.from(pieces.flatMap((one) => [...one]));
  }

  /** multipart/form-data: the parts by their names. */
  #restUpgrade(type: string, body: Uint8Array): null {
    const [, boundary = ''] = /^multipart\/form-data; boundary=(\S+)$/.exec(type) ?? [];
    const whole = Buffer.from(body).toString('latin1');
    const parts = whole
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((part) => {
        const [head = '', ...rest] = part.split('\r\n\r\n');
        return { name: /name="(\w+)"/.exec(head)?.[1], body: rest.join('\r\n\r\n').replace(/\r\n$/, '') };
      });
    const metadata = JSON.parse(parts.find(({ name }) => name === 'metadata')?.body ?? '{}') as Doc;
    const file = Uint8Array.from(Buffer.from(parts.find(({ name }) => name === 'data')?.body ?? '', 'latin1'));
    this.heard.push({ door: 'rest', method: 'SystemUpgrade', message: { metadata } });
    if (this.#upgrade(metadata, file, parts.length)) return null;
    throw new HeadframeError('device/refused', { vendorCode: '500', vendorText: 'hash mismatch' });
  }

  readonly #cgminer: TcpLink = {
    exchange: async (request) => {
      const { command, parameter } = JSON.parse(text(request)) as { command: string; parameter?: string };
      this.heard.push({ door: '4028', method: command, message: parameter === undefined ? {} : { parameter } });
      const error = this.fails.get(command)?.();
      if (error !== undefined) throw error;
      return { bytes: bytesOf({ ...this.#over4028(command), id: 1 }), at: this.now, ms: 1, ended: 'fin' };
    },
  };

  #over4028(command: string): Doc {
    const said = (letter: string, code: number, msg: string) => [{ STATUS: letter, When: 1, Code: code, Msg: msg }];
    if (command === 'summary') return { STATUS: said('S', 11, 'Summary'), SUMMARY: [{ 'MHS 5s': this.mhs }] };
    if (command === 'pause' || command === 'resume') {
      if (!this.lies.has(command)) this.mhs = command === 'pause' ? 0 : 100_000_000;
      return { STATUS: said('S', 410, command) };
    }
    if (command === 'pools') {
      const pools = this.state.groups.flatMap((group) => group.pools as Doc[]);
      const POOLS = pools.map((pool, i) => ({
        POOL: i,
        URL: pool.url,
        User: pool.user,
        Status: pool.enabled ? 'Alive' : 'Disabled',
        Priority: i,
      }));
      return { STATUS: said('S', 7, 'pools'), POOLS };
    }
    return { STATUS: said('S', 47, command) };
  }
}
