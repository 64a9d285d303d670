import { isDeepStrictEqual } from 'node:util';
import { grpcDocument, grpcRequest } from '@headframe/families';
import { asHeadframeError } from '@headframe/model';
import { type Machine, profiles, READ_AT, startMachine } from './machines.ts';
import type { PeerProcess } from './peer-process.ts';
import { ourMiner } from './read-machines.ts';
import type { Value } from './readings.ts';
import type { Row } from './rows.ts';

/*
 * A client of gRPC that has never heard of BraiinsOS: grpcio learns the contract from the machine itself, through server
 * reflection, and calls everything that reads. What it then has must be what we read of the same replies; what it must
 * find is written down here by hand, from protocols.md 7.2.
 */

const V1 = 'braiins.bos.v1';
const API_VERSION = 'braiins.bos.ApiVersionService/GetApiVersion';
const LOGIN = `${V1}.AuthenticationService/Login`;
const DETAILS = `${V1}.MinerService/GetMinerDetails`;
const STATUS = `${V1}.MinerService/GetMinerStatus`;
const SET_POWER = `${V1}.PerformanceService/SetPowerTarget`;
const CONFIGURATION = `${V1}.ConfigurationService/GetMinerConfiguration`;
const REFLECTION_ALPHA = 'grpc.reflection.v1alpha.ServerReflection';
const REFLECTION = 'grpc.reflection.v1.ServerReflection';
const WATTS = 2500;

interface Contract {
  /** Without their packages. */
  readonly services: readonly string[];
  readonly reflection: readonly string[];
  /** Methods that read and are no streams. */
  readonly reads: readonly string[];
  /** Methods of many messages, from the machine or from us. */
  readonly streams: readonly string[];
  /** Methods after which the type of their request is not called. */
  readonly odd: readonly string[];
}

const OF_23_12: Contract = {
  services: [
    ...['Actions', 'Authentication', 'Configuration', 'Cooling', 'License', 'Miner', 'Performance', 'Pool'],
  ].map((name) => `${V1}.${name}Service`),
  reflection: [REFLECTION_ALPHA],
  reads: [
    'ActionsService/GetLocateDeviceStatus',
    'ConfigurationService/GetConstraints',
    'ConfigurationService/GetMinerConfiguration',
    'CoolingService/GetCoolingState',
    'LicenseService/GetLicenseState',
    'MinerService/GetHashboards',
    'MinerService/GetMinerDetails',
    'MinerService/GetMinerStats',
    'PerformanceService/GetActivePerformanceMode',
    'PerformanceService/GetTunerState',
    'PerformanceService/ListTargetProfiles',
    'PoolService/GetPoolGroups',
  ],
  streams: ['MinerService/GetMinerStatus', 'MinerService/GetSupportArchive'],
  odd: ['PerformanceService/GetActivePerformanceMode'],
};

const OF_26_05: Contract = {
  services: [...OF_23_12.services, ...['AdvancedSettings', 'Network', 'Upgrade'].map((name) => `${V1}.${name}Service`)],
  reflection: [REFLECTION, REFLECTION_ALPHA],
  reads: [
    ...OF_23_12.reads,
    'AdvancedSettingsService/GetSettings',
    'AdvancedSettingsService/GetSettingsSchema',
    'MinerService/GetErrors',
    'NetworkService/GetNetworkConfiguration',
    'NetworkService/GetNetworkInfo',
    'PerformanceService/GetMinerEfficiencyProfile',
    'UpgradeService/GetAutoUpgradeStatus',
  ],
  streams: [...OF_23_12.streams, 'MinerService/GetLog', 'UpgradeService/SystemUpgrade'],
  odd: [...OF_23_12.odd, 'PerformanceService/SetRelativeHashrateTarget', 'PerformanceService/SetRelativePowerTarget'],
};

/** The oldest contract of a profile, whose login tells the token in a header and whose reflection is v1alpha; the newest. */
const CONTRACTS: Readonly<Record<string, Contract>> = {
  'braiins/s19j-pro-23.12': OF_23_12,
  'braiins/s19j-pro-26.05': OF_26_05,
};

/** What it does to the machines that have a contract here: nothing to others. */
export async function callForeign(name: string, peer: PeerProcess): Promise<Row[]> {
  const contract = CONTRACTS[name];
  const found = profiles.find(({ family, profile }) => `${family}/${profile.name}` === name);
  if (contract === undefined || found === undefined) return [];
  const machine = await startMachine(found.family, found.profile, READ_AT);
  try {
    return await new Foreigner(machine, peer, contract).rows();
  } finally {
    await machine.close();
  }
}

interface Called {
  /** `OK`, `UNAUTHENTICATED` ... */
  readonly status: string;
  readonly reply?: unknown;
  /** In the headers of the reply. */
  readonly token?: string | null;
}

interface MethodTold {
  readonly name: string;
  readonly input: string;
  readonly streams: readonly boolean[];
}

class Foreigner {
  readonly #machine: Machine;
  readonly #peer: PeerProcess;
  readonly #contract: Contract;
  readonly #rows: Row[] = [];

  constructor(machine: Machine, peer: PeerProcess, contract: Contract) {
    this.#machine = machine;
    this.#peer = peer;
    this.#contract = contract;
  }

  async rows(): Promise<Row[]> {
    await this.#describe();
    this.#same('GetApiVersion, no login', await this.#call(API_VERSION), await this.#ours(API_VERSION));
    this.#same('a call without a token', (await this.#call(DETAILS)).status, 'UNAUTHENTICATED');
    this.#same('a call with a wrong token', (await this.#call(DETAILS, {}, 'nobody')).status, 'UNAUTHENTICATED');
    const login = await this.#call(LOGIN, { username: 'root', password: 'root' });
    const token = (login.reply as { token?: string } | undefined)?.token ?? login.token ?? '';
    this.#same('Login', login.status === 'OK' && /^\w{16}$/.test(token), true);
    for (const read of this.#contract.reads) await this.#read(`${V1}.${read}`, token);
    const first = await this.#call(STATUS, {}, token);
    // MINER_STATUS_NORMAL
    this.#same('GetMinerStatus, first message', first, { status: 'OK', reply: { status: 2 } });
    await this.#write(token);
    return this.#rows;
  }

  /** What the machine tells of its contract. */
  async #describe(): Promise<void> {
    const { services, reflection, reads, streams, odd } = this.#contract;
    const all = (await this.#ask('services')) as string[];
    const wanted = [...services, 'braiins.bos.ApiVersionService', ...reflection].toSorted();
    this.#same('services', all, wanted);
    const told: MethodTold[] = [];
    for (const service of services) {
      const methods = (await this.#ask('methods', { service })) as MethodTold[];
      const short = service.slice(V1.length + 1);
      told.push(...methods.map((method) => ({ ...method, name: `${short}/${method.name}` })));
    }
    const names = (which: (method: MethodTold) => boolean): string[] =>
      told
        .filter(which)
        .map(({ name }) => name)
        .toSorted();
    const isStream = ({ streams }: MethodTold): boolean => streams.includes(true);
    const isRead = ({ name }: MethodTold): boolean => /\/(Get|List)/.test(name);
    const isOdd = ({ name, input }: MethodTold): boolean => input !== `${V1}.${name.split('/')[1]}Request`;
    const reading = names((method) => isRead(method) && !isStream(method));
    this.#same('methods that read', reading, reads.toSorted());
    this.#same('methods that stream', names(isStream), streams.toSorted());
    this.#same('methods whose request has another name', names(isOdd), odd.toSorted());
    const fields = await this.#ask('fields', { message: `${V1}.SetPowerTargetRequest` });
    this.#same('SetPowerTargetRequest', fields, ['save_action = 1', 'power_target = 2']);
  }

  async #read(method: string, token: string): Promise<void> {
    const [theirs, ours] = [await this.#call(method, {}, token), await this.#ours(method)];
    this.#same(method.slice(V1.length + 1), theirs, ours);
  }

  /** A target that is set must show in what is read then, by it and by us. */
  async #write(token: string): Promise<void> {
    const message = { save_action: 2, power_target: { watt: WATTS } };
    const set = await this.#call(SET_POWER, message, token);
    this.#same('SetPowerTarget', set, { status: 'OK', reply: { power_target: { watt: WATTS } } });
    const { reply } = await this.#call(CONFIGURATION, {}, token);
    const { tuner } = (reply ?? {}) as { tuner?: { power_target?: unknown } };
    this.#same('its power target, read', tuner?.power_target, { watt: WATTS });
    const snapshot = await (await ourMiner(this.#machine)).read({ fresh: true });
    this.#same('its power target, read by us', WATTS, snapshot.powerLimitW);
  }

  async #ask(order: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const answer = await this.#peer.ask({ ...parameters, do: order, address: this.#machine.address });
    return 'error' in answer ? answer.error : answer.value;
  }

  async #call(method: string, message: Readonly<Record<string, unknown>> = {}, token?: string): Promise<Called> {
    const called = await this.#ask('call', { method, message, ...(token === undefined ? {} : { token }) });
    if (typeof called !== 'object') return { status: String(called) };
    const { token: header, ...rest } = called as Called;
    return method === LOGIN ? { ...rest, token: header ?? null } : rest;
  }

  /** The same call through our link, read with our contract. */
  async #ours(method: string): Promise<Called> {
    const miner = await ourMiner(this.#machine);
    return miner.withLinks({}, async ({ grpc }) => {
      if (grpc === undefined) return { status: 'port 50051 is closed' };
      try {
        const login = await grpc.unary({ method: LOGIN }, grpcRequest(LOGIN, { username: 'root', password: 'root' }));
        const token = String(grpcDocument(LOGIN, login.message).token || login.headers.authorization);
        const { message } = await grpc.unary({ method, metadata: { authorization: token } }, grpcRequest(method, {}));
        return { status: 'OK', reply: grpcDocument(method, message) };
      } catch (thrown) {
        return { status: asHeadframeError(thrown).message };
      }
    });
  }

  #same(title: string, theirs: unknown, ours: unknown): void {
    this.#rows.push({
      peer: this.#peer.name,
      machine: this.#machine.name,
      operation: 'call',
      what: `call:${title}`,
      title,
      theirs: shown(theirs),
      ours: shown(ours),
      verdict: isDeepStrictEqual(bare(theirs), bare(ours)) ? 'equal' : 'unequal',
      exchanges: { peer: this.#machine.takeExchanges(), ours: [] },
    });
  }
}

const shown = (value: unknown): Value => (typeof value === 'object' ? JSON.stringify(bare(value)) : String(value));

/** Without what a message leaves out: zeros, empty texts and lists. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const told = Object.entries(value).map(([key, inner]) => [key, bare(inner)] as const);
  return Object.fromEntries(told.filter(([, inner]) => !isNothing(inner)));
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === 0 ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);
