import { blankIdentity, type Identity, type Replies } from '@headframe/model';
import { findHardware, type Hardware } from '@headframe/model/hardware';
import { first } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';
import { METHODS } from './door-methods.ts';
import { LUCI_NETWORK } from './luci.ts';
import { grpcId, restId } from './questions.ts';
import { releaseIn } from './release.ts';
import { apiDoc, apiReply, releaseNameOf } from './view.ts';

/** Everything that runs BraiinsOS hashes this. */
const ALGORITHM = 'sha256d';

/** `MinerBrand` of the interface table. */
const MAKES: ReadonlyMap<number, string> = new Map([
  [1, 'Bitmain'],
  [2, 'MicroBT'],
]);

/** `Platform` of the interface table, 1 to 8. */
const PLATFORMS = [
  'AM1_S9',
  'AM2_S17',
  'AM3_BBB',
  'AM3_AML',
  'STM32MP157C_II1_AM2',
  'CVITEK_BM1_AM2',
  'ZYNQ_BM3_AM2',
  'STM32MP157C_II2_BMM1',
] as const;

/** `ControlBoardSocFamily` of the interface table, 1 to 5. */
const SOC_FAMILIES = ['CVITEK', 'BBB', 'AML', 'ZYNQ', 'BRAIINS'] as const;

/** The word for a number of the contract; for one that it does not have the number itself. */
const wordFor = (words: readonly string[], kind: string, number: number | null): string | null =>
  number === null || number === 0 ? null : (words[number - 1] ?? `${kind} ${number}`);

export function identityOfApi(replies: Replies): Identity {
  const details = apiDoc(replies, 'api:details');
  const network = apiDoc(replies, 'api:network');
  const told = details.sub('miner_identity');
  const board = new Fields(apiDoc(replies, 'api:hashboards').list('hashboards')[0]);
  return {
    ...named(told.str('miner_model') ?? told.str('name'), MAKES.get(told.int('brand') ?? 0) ?? null),
    hardwareRevision: board.str('board_name') ?? board.str('model'),
    firmwareVersion: version(releaseNameOf(apiReply(replies, 'api:details')?.doc)),
    mac: macIn(details.str('mac_address') ?? network.str('mac_address')),
    serial: details.str('serial_number'),
    hostname: details.str('hostname') ?? network.str('hostname'),
    controlBoard:
      wordFor(PLATFORMS, 'platform', details.int('platform')) ??
      wordFor(SOC_FAMILIES, 'SoC family', details.int('control_board_soc_family')),
  };
}

/** @param boards the `info` that has the hashboards */
export function identityOfGraphql(replies: Replies, bos: Fields, modelName: string | null, boards: Fields): Identity {
  const luci = replies.get(LUCI_NETWORK)?.doc;
  const lan = new Fields(Array.isArray(luci) ? luci[0] : luci);
  const board = new Fields(boards.sub('workSolver').list('childSolvers')[0]).sub('hwDetails');
  return {
    ...named(modelName, null),
    hardwareRevision: board.str('hashboardName'),
    firmwareVersion: version(bos.sub('info').sub('version').str('full')),
    mac: macIn(bos.str('macAddress') ?? lan.str('macaddr')),
    serial: bos.str('serialNumber'),
    hostname: bos.str('hostname'),
    controlBoard: bos.sub('info').str('platform') ?? bos.sub('info').str('controlBoardSocFamily'),
  };
}

/** Port 4028: `DEVDETAILS` has the model (the vendor's page on the BOSminer API). */
export function identityOfCommands(replies: Replies): Identity {
  const api = first(replies.get('version')?.doc, 'VERSION').str('API');
  return { ...named(first(replies.get('devdetails')?.doc, 'DEVDETAILS').str('Model'), null), apiVersion: api };
}

/**
 * The first that says it, in the order of the views; the version of the contract wherever it is known, as that is told
 * without a login.
 */
export function mergedIdentity(replies: Replies, told: readonly Identity[]): Identity {
  const merged: Identity = { ...blankIdentity('braiins'), firmware: 'braiins-os', algorithm: ALGORITHM };
  for (const key of Object.keys(merged) as (keyof Identity)[]) {
    const value = told.map((one) => one[key]).find((one) => one !== null);
    if (value != null) merged[key] = value;
  }
  return { ...merged, apiVersion: apiVersion(replies) ?? merged.apiVersion };
}

/** The version of the contract, which gRPC and REST count apart: `1.11.0`, `1.0.0-beta.4`. */
function apiVersion(replies: Replies): string | null {
  const { rpc, rest } = METHODS.GetApiVersion;
  const version = new Fields((replies.get(grpcId(rpc)) ?? replies.get(restId(rest.path)))?.doc);
  if (version.int('major') === null) return null;
  const numbers = ['major', 'minor', 'patch'].map((name) => version.int(name) ?? 0).join('.');
  const pre = version.str('pre');
  return pre === null ? numbers : `${numbers}-${pre}`;
}

/** The release, or the whole name of a build that is none. */
const version = (name: string | null): string | null => releaseIn(name)?.text ?? name;

const macIn = (text: string | null): string | null => text?.toLowerCase().replaceAll('-', ':') ?? null;

/** `Bitmain Antminer S9` and `Antminer S19 XP` are what machines say; the catalogue has the name as people say it. */
function named(told: string | null, make: string | null): Identity {
  const hardware = hardwareOf(told, make);
  const bare = told?.replace(/^(?:bitmain|microbt|braiins)\s+/i, '') ?? null;
  return {
    ...blankIdentity('braiins'),
    make: hardware?.make ?? make ?? makeIn(told),
    model: hardware?.model ?? bare,
    firmware: 'braiins-os',
    algorithm: hardware?.algorithm ?? ALGORITHM,
  };
}

function hardwareOf(told: string | null, make: string | null): Hardware | null {
  if (told === null) return null;
  const bare = told.replace(/^(?:bitmain|microbt|braiins)\s+/i, '');
  const known = make ?? makeIn(told);
  return (known === null ? null : findHardware(bare, known)) ?? findHardware(bare);
}

function makeIn(told: string | null): string | null {
  if (told === null) return null;
  if (/antminer/i.test(told)) return 'Bitmain';
  if (/whatsminer/i.test(told)) return 'MicroBT';
  return /^(?:braiins|bmm)/i.test(told) ? 'Braiins' : null;
}

/** What the catalogue knows of a machine. */
export const hardwareNamed = ({ make, model }: Identity): Hardware | null =>
  model === null ? null : findHardware(model, make ?? undefined);
