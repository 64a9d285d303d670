import { type Action, HeadframeError, integer, number, optional, orAuto, pools, secret, text } from '@headframe/model';
import {
  ASIC_PATH,
  axeStep,
  both,
  change,
  clockSeen,
  documentOf,
  dutySeen,
  numbersIn,
  type PoolAddress,
  poolAddress,
  refuseSlip,
  saysYes,
  shows,
  voltageSeen,
  type Wanted,
} from '@headframe/wire/axeos';
import type { Fields } from '@headframe/wire/json';
import { AT_NEXT_RESTART, type Device, needKey, patch, restartFlag, restartIf, writing } from './device.ts';

/* What it shares with other machines, by the names of the common vocabulary (protocols.md 6.6). */

/** What the documents leave open: PATCH has no validation, so no range is the device's own. */
const ASSUMED = {
  /** Temperatures that the fan control can sensibly hold. */
  targetC: { min: 30, max: 80 },
  /** Texts are stored as they come; AxeOS takes so many bytes. */
  mostBytes: 255,
  /** How no fallback is written: as it is before one is set. */
  noFallback: { fallbackStratumURL: '' },
  /** When pools count: newer versions connect anew by themselves, of older ones it is not known. */
  poolsRestart: true,
};

const SOURCE = 'NerdQAxe PATCH /api/system';
const RAMP_MS = 60_000;
/** `autofanspeed` is a mode: 1, the old automatic, becomes manual at 100 % at the next start. */
const FAN_MODE = { manual: 0, pid: 2 };
const TAKES_A_RESTART = 'about half a minute until it hashes again';

const isDown = (info: Fields): boolean => info.bool('shutdown') === true;

/** Some versions list what the board is made for. */
async function listedOf({ links }: Device, name: string): Promise<number[]> {
  try {
    return numbersIn(await documentOf(links, ASIC_PATH), name);
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code === 'support/unsupported') return [];
    throw thrown;
  }
}

function ownValueNotes(wanted: number, unit: string, listed: readonly number[]): string[] {
  if (listed.includes(wanted)) return [];
  refuseSlip(wanted, unit, listed);
  const list = listed.length === 0 ? 'it lists none' : `it lists ${listed.join(', ')} ${unit}`;
  return [`${wanted} ${unit} is a value of your own, and nothing checks it: ${list}`];
}

const setFrequency = writing(
  {
    frequencyMHz: integer({
      about: 'clock of the chips',
      unit: 'MHz',
      min: 1,
      max: 65_535,
      source: `${SOURCE} frequency`,
    }),
  },
  async (device, { frequencyMHz }) =>
    change({
      steps: [patch(device, { frequency: frequencyMHz })],
      notes: ownValueNotes(frequencyMHz, 'MHz', await listedOf(device, 'frequencyOptions')),
      looksAt: 'frequency of info',
      withinMs: RAMP_MS,
      seen: (info) => clockSeen(info, frequencyMHz, isDown(info)),
    }),
  { takes: 'some seconds', hashing: 'unchanged' },
);

const setVoltage = writing(
  {
    voltageV: number({
      about: 'voltage of the chips',
      unit: 'V',
      min: 0.001,
      max: 65.535,
      source: `${SOURCE} coreVoltage, in mV`,
    }),
  },
  async (device, { voltageV }) => {
    const coreVoltage = Math.round(voltageV * 1000);
    return change({
      steps: [patch(device, { coreVoltage })],
      notes: ownValueNotes(coreVoltage, 'mV', await listedOf(device, 'voltageOptions')),
      looksAt: 'coreVoltage and coreVoltageActual of info',
      withinMs: RAMP_MS,
      seen: (info) => voltageSeen(info, coreVoltage, isDown(info)),
    });
  },
  { takes: 'some seconds', hashing: 'unchanged' },
);

const setFan = writing(
  {
    percent: orAuto(
      integer({
        about: 'fan speed',
        unit: '%',
        min: 0,
        max: 100,
        source: `${SOURCE} manualFanSpeed, before it fanspeed`,
      }),
    ),
  },
  (device, { percent }) => {
    if (percent === 'auto') {
      return change({
        steps: [patch(device, { autofanspeed: FAN_MODE.pid })],
        looksAt: 'autofanspeed of info',
        seen: (info) => shows(info, { autofanspeed: FAN_MODE.pid }),
      });
    }
    // Versions that show manualFanSpeed take it; those before take fanspeed.
    const isNewer = device.info.has('manualFanSpeed');
    return change({
      steps: [patch(device, { autofanspeed: FAN_MODE.manual, [isNewer ? 'manualFanSpeed' : 'fanspeed']: percent })],
      looksAt: 'autofanspeed and the fan of info',
      withinMs: 20_000,
      seen: (info) =>
        both(
          shows(info, { autofanspeed: FAN_MODE.manual, ...(isNewer ? { manualFanSpeed: percent } : {}) }),
          dutySeen(info, percent),
        ),
    });
  },
  { takes: 'some seconds' },
);

const setTemperatureTarget = writing(
  {
    targetC: integer({
      about: 'temperature that the automatic fan control holds',
      unit: '°C',
      ...ASSUMED.targetC,
      source: `${SOURCE} pidTargetTemp; the device checks nothing`,
    }),
  },
  (device, { targetC }) => {
    needKey(device.info, 'pidTargetTemp');
    return change({
      steps: [patch(device, { pidTargetTemp: targetC })],
      notes:
        device.info.int('autofanspeed') === FAN_MODE.pid
          ? []
          : ['The fan is set by hand: it counts only after set-fan auto'],
      looksAt: 'pidTargetTemp of info',
      seen: (info) => shows(info, { pidTargetTemp: targetC }),
    });
  },
);

const SECRETS = ['stratumPassword', 'fallbackStratumPassword'];

const setPools = writing(
  {
    pools: pools({ slots: 2, most: ASSUMED.mostBytes, source: `${SOURCE} stratumURL, fallbackStratumURL` }),
    restart: restartFlag('on'),
  },
  (device, { pools: given, restart = ASSUMED.poolsRestart }) => {
    const [primary, fallback] = given.map(({ url, worker, password }) => {
      const at = poolAddress(url);
      return { at, keys: { ...addressKeys(device, at), stratumUser: worker, stratumPassword: password } };
    });
    const body = {
      ...primary?.keys,
      ...(fallback === undefined ? ASSUMED.noFallback : asFallback(fallback.keys)),
    };
    const visible: Wanted = Object.fromEntries(Object.entries(body).filter(([key]) => !SECRETS.includes(key)));
    return change({
      steps: [patch(device, body, SECRETS)],
      restart: restartIf(device, restart),
      notes: [
        'The passwords of pools are never told: whether they were taken cannot be seen',
        ...(restart ? [] : [AT_NEXT_RESTART]),
      ],
      looksAt: 'the pools of info',
      seen: (info) => shows(info, visible),
    });
  },
  { takes: 'about half a minute for the restart' },
);

/** @throws HeadframeError `support/unsupported`: this version cannot speak to such a pool, and nothing was sent */
function addressKeys(
  { info }: Device,
  { host, port, tls, v2 }: PoolAddress,
): Record<string, string | number | boolean> {
  if (v2 !== null) {
    throw new HeadframeError('support/unsupported', {
      detail: 'how its firmware is told of Stratum V2 is not documented',
    });
  }
  if (tls) needKey(info, 'stratumTLS');
  return { stratumURL: host, stratumPort: port, ...(info.has('stratumTLS') ? { stratumTLS: tls } : {}) };
}

const asFallback = (keys: Readonly<Record<string, string | number | boolean>>) =>
  Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [`fallback${key.slice(0, 1).toUpperCase()}${key.slice(1)}`, value]),
  );

const restartNow = (device: Device) =>
  change({
    steps: [],
    restart: restartIf(device, true),
    looksAt: 'nothing else',
    seen: () => ({ done: true, values: {} }),
  });

const pause = writing(
  {},
  (device) =>
    change({
      steps: [
        axeStep({ ...device.key, method: 'POST', path: '/api/system/shutdown', judge: saysYes(/will shutdown/i) }),
      ],
      looksAt: 'shutdown of info',
      withinMs: 30_000,
      seen: (info) => shows(info, { shutdown: true }),
    }),
  { does: 'Takes the power from its chips until it is resumed', lasting: 'until it is started again' },
);

const resume = writing(
  {},
  (device) =>
    change({
      steps: [],
      restart: restartIf(device, true),
      looksAt: 'shutdown of info',
      seen: (info) => ({ done: info.bool('shutdown') !== true, values: { shutdown: info.bool('shutdown') } }),
    }),
  { does: 'Starts the device anew, which is the only way back from a pause', takes: TAKES_A_RESTART },
);

const setHostname = writing(
  {
    hostname: text({
      about: 'host name',
      most: 32,
      pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
      inWords: 'letters, digits and hyphens',
      source: `${SOURCE} hostname; the device checks nothing`,
    }),
    restart: restartFlag('off'),
  },
  (device, { hostname, restart = false }) =>
    change({
      steps: [patch(device, { hostname })],
      restart: restartIf(device, restart),
      notes: restart ? [] : [AT_NEXT_RESTART],
      looksAt: 'hostname of info',
      seen: (info) => shows(info, { hostname }),
    }),
);

const setNetwork = writing(
  {
    ssid: text({ about: 'name of the Wi-Fi', most: 32, source: `${SOURCE} ssid` }),
    wifiPass: optional(
      secret({
        about: 'password of the Wi-Fi; left out for an open one',
        most: 63,
        pattern: /^.{8,63}$/s,
        inWords: 'text of at least 8 characters,',
        source: `${SOURCE} wifiPass`,
      }),
    ),
    restart: restartFlag('on'),
  },
  (device, { ssid, wifiPass, restart = true }) => {
    const prepared = change({
      steps: [patch(device, { ssid, wifiPass: wifiPass ?? '' }, ['wifiPass'])],
      restart: restartIf(device, restart),
      notes: [
        `It is in the Wi-Fi ${device.info.str('ssid') ?? 'that it does not name'}`,
        'It may have another address then; with a wrong password it opens an access point of its own and cannot be reached here',
        ...(restart ? [] : [AT_NEXT_RESTART]),
      ],
      looksAt: 'ssid of info',
      seen: (info) => shows(info, { ssid }),
    });
    if (restart) return prepared;
    return { ...prepared, readBack: { never: 'passwords are never told, and it tries the network when it restarts' } };
  },
  { does: 'Changes the Wi-Fi', lasting: 'with a wrong password it cannot be reached any more' },
);

export const unitCommands = {
  setPools,
  restartMiner: writing({}, restartNow, {
    does: 'Restarts the device: mining and firmware are one program',
    takes: TAKES_A_RESTART,
  }),
  reboot: writing({}, restartNow, { takes: TAKES_A_RESTART }),
  pause,
  resume,
  setFrequency,
  setVoltage,
  setFan,
  setTemperatureTarget,
  setNetwork,
  setHostname,
} satisfies Record<string, Action>;
