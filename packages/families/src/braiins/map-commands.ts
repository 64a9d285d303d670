import {
  blankFan,
  blankFault,
  blankHashboard,
  efficiencyJTh,
  type Fan,
  type Fault,
  type Hashboard,
  type MachineState,
  MH,
  type Replies,
} from '@headframe/model';
import {
  averageHashrate,
  first,
  hashrateWindows,
  lastShareAt,
  poolFrom,
  section,
  sharesFrom,
  statusOf,
} from '@headframe/wire/cgminer';
import { type Fields, positive } from '@headframe/wire/json';
import { MOST, STARTING_S, TUNER_TROUBLE } from './assumed.ts';
import { identityOfCommands } from './identity.ts';
import { boardState } from './map-api.ts';
import { blankView, hashes, megahertz, records, slotsOf, type View } from './view.ts';

/** What port 4028 says (protocols.md 7.1; the vendor's page on the BOSminer API). Null where it did not answer. */
export function viewOfCommands(replies: Replies): View | null {
  const said = (name: string): boolean => (replies.get(name)?.doc ?? null) !== null;
  if (!['version', 'summary', 'devs', 'pools', 'fans', 'temps', 'tunerstatus', 'devdetails'].some(said)) return null;
  const told = {
    identity: 'devdetails',
    state: 'summary',
    hashrate: 'summary',
    power: 'tunerstatus',
    hashboards: 'devdetails',
    pools: 'pools',
  };
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  const tuner = first(replies.get('tunerstatus')?.doc, 'TUNERSTATUS');
  const windows = hashrateWindows(summary);
  const chains = records(tuner.list('TunerChainStatus'), MOST.boards);
  const devs = section(replies.get('devs')?.doc, 'DEVS').slice(0, MOST.boards);
  const nominal = devs.map((dev) => dev.num('Nominal MHS', MH));
  const hashrate = {
    currentHs: windows[0]?.hs ?? null,
    currentWindowS: windows[0]?.seconds ?? null,
    averageHs: averageHashrate(summary),
    nominalHs: nominal.length > 0 ? positive(nominal.reduce<number>((sum, hs) => sum + (hs ?? 0), 0)) : null,
    windows,
  };
  const isPaused = chains.some((chain) => /paused/i.test(chain.str('Status') ?? ''));
  const isHashing = isPaused ? false : hashes(hashrate);
  const minerUptimeS = summary.int('Elapsed');
  const powerW = tuner.num('ApproximateMinerPowerConsumption');
  return {
    ...blankView(isPaused ? { ...told, state: 'tunerstatus' } : told),
    identity: identityOfCommands(replies),
    state: stateOf(isPaused, isHashing, minerUptimeS),
    minerUptimeS,
    hashrate,
    powerW,
    powerBasis: powerW === null ? null : 'estimated',
    powerLimitW: positive(tuner.num('PowerLimit')),
    efficiencyJTh: efficiencyJTh(powerW, hashrate.currentHs),
    hashboards: boardsOf(replies, devs, chains, isHashing),
    fans: fansOf(replies),
    pools: poolsOf(replies, minerUptimeS),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: faultsOf(chains),
  };
}

/**
 * What is to be added to the machine's clock to have ours: each reply says when it was written. Machines whose clock was
 * never set live in 2015 (captures).
 */
export function skewOf(replies: Replies): number {
  const reply = replies.get('summary');
  const when = statusOf(reply?.doc)?.when ?? null;
  if (reply === undefined || when === null || when <= 0) return 0;
  const skewMs = reply.meta.at - when * 1000;
  // It writes whole seconds: the rest of one is no difference.
  return skewMs >= 0 && skewMs < 1000 ? 0 : skewMs;
}

/** `Tune/all: Status: paused` (the vendor's own log); the rates of a machine that has just paused still fade. */
function stateOf(isPaused: boolean, isHashing: boolean | null, uptimeS: number | null): MachineState {
  if (isPaused) return 'paused';
  if (isHashing === null) return 'unknown';
  if (isHashing) return 'mining';
  return uptimeS !== null && uptimeS < STARTING_S ? 'starting' : 'idle';
}

/** The records of several commands belong together by `ID`, which is the number of the chain. */
function boardsOf(
  replies: Replies,
  devs: readonly Fields[],
  chains: readonly Fields[],
  isHashing: boolean | null,
): Hashboard[] {
  const details = section(replies.get('devdetails')?.doc, 'DEVDETAILS').slice(0, MOST.boards);
  const temps = section(replies.get('temps')?.doc, 'TEMPS').slice(0, MOST.boards);
  const ids = [
    ...new Set([...details, ...devs, ...temps].map((record) => record.str('ID')).filter((id) => id !== null)),
  ]
    .slice(0, MOST.boards)
    .sort((a, b) => Number(a) - Number(b));
  const slots = slotsOf(ids);
  return ids.map((id, position) => {
    const find = (list: readonly Fields[], key = 'ID') => list.find((record) => record.str(key) === id);
    const [detail, dev, temp] = [find(details), find(devs), find(temps)];
    const chain = find(chains, 'HashchainIndex');
    const hashrateHs = dev === undefined ? null : (hashrateWindows(dev)[0]?.hs ?? null);
    const enabled = dev?.str('Enabled');
    return {
      ...blankHashboard(slots[position] ?? position),
      label: id,
      state: boardState(enabled == null ? null : enabled === 'Y', hashrateHs, isHashing),
      hashrateHs,
      nominalHs: positive(dev?.num('Nominal MHS', MH)),
      tempC: positive(temp?.num('Board')),
      chipTempMaxC: positive(temp?.num('Chip')),
      frequencyMHz: clockMHz(detail?.num('Frequency')),
      voltageV: positive(detail?.num('Voltage')),
      powerW: positive(chain?.num('ApproximatePowerConsumptionWatt')),
      chipsWorking: detail?.int('Chips') ?? null,
      hardwareErrors: dev?.int('Hardware Errors') ?? null,
    };
  });
}

/** BOSminer gives Hz (the vendor's page), BOSer MHz (a public reply of 2023): no chip runs at 100 kHz, or at 100 GHz. */
const clockMHz = (told: number | null | undefined): number | null =>
  told != null && told < 1e5 ? positive(told) : megahertz(told);

const fansOf = (replies: Replies): Fan[] =>
  section(replies.get('fans')?.doc, 'FANS')
    .slice(0, MOST.fans)
    .map((fan, position) => ({
      ...blankFan(fan.int('FAN') ?? position),
      rpm: fan.num('RPM'),
      percent: fan.num('Speed'),
    }));

const poolsOf = (replies: Replies, elapsedS: number | null) => {
  const reply = replies.get('pools');
  return section(reply?.doc, 'POOLS')
    .slice(0, MOST.pools)
    .map((record, position) => ({
      ...poolFrom(record, position),
      lastShareAt: reply === undefined ? null : lastShareAt(record, reply, elapsedS),
    }));
};

const faultsOf = (chains: readonly Fields[]): Fault[] =>
  chains.flatMap((chain) => {
    const status = chain.str('Status');
    if (status === null || !TUNER_TROUBLE.test(status)) return [];
    const component = `hashboard ${chain.str('HashchainIndex') ?? ''}`.trim();
    return [{ ...blankFault('device.fault'), text: status, severity: 'error' as const, component }];
  });
