import { HeadframeError, type Links, MASK, type PoolSetting, type Step } from '@headframe/model';
import { pageStep } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { codeVerdict, okVerdict } from './cgi-verdicts.ts';
import { type FormValue, formOf } from './older-form.ts';
import { type Page, readPage } from './web-page.ts';

/*
 * The configuration, read from get_miner_conf.cgi and sent back whole to set_miner_conf.cgi (protocols.md 2.3, 2.4).
 * It lives in memory as long as an action is prepared: it holds the passwords of the pools in clear.
 */

export const CONFIG_PATH = '/cgi-bin/get_miner_conf.cgi';
const SET_PATH = '/cgi-bin/set_miner_conf.cgi';

/** Both pages have three (protocols.md 2.6). */
export const POOL_SLOTS = 3;

/** What is not in the documents, and how it is taken: cautiously. */
export const ASSUMED = {
  /** Read and sent back under the same name, where the machine has them: the newer page's own script does. */
  sentBackAsRead: ['algo', 'bitmain-hashrate-percent', 'bitmain-user-ip-cat'],
  /** The older page's two switches that 2.4 names only as parameters; the file has them while they are on. */
  noBeeper: 'bitmain-nobeeper',
  noTempOverCtrl: 'bitmain-notempoverctrl',
} as const;

export interface MinerConfig {
  /** The slots that are used, in their order. */
  readonly pools: readonly PoolSetting[];
  readonly fanCustom: boolean | null;
  /** Share of the full speed, %, as text. */
  readonly fanPwm: string | null;
  readonly workMode: number | null;
  readonly freqLevel: string | null;
  /** The older page's. */
  readonly freq: string | null;
  readonly voltage: string | null;
  readonly noBeeper: boolean;
  readonly noTempOverCtrl: boolean;
  readonly asRead: Readonly<Record<string, unknown>>;
}

/** @throws HeadframeError `auth/*`, `link/*`, `protocol/*`; nothing of the page is quoted */
export const readConfig = async (links: Links): Promise<MinerConfig> =>
  configFrom(await readPage(links, CONFIG_PATH, true));

/** @throws HeadframeError `protocol/wrong-shape`: without its pools it cannot be sent back */
export function configFrom(document: unknown): MinerConfig {
  const conf = new Fields(document);
  if (!Array.isArray(conf.raw('pools'))) throw wrongShape('its configuration has no list of pools');
  const pools = conf
    .list('pools')
    .map(slotFrom)
    .filter(({ url }) => url !== '');
  if (pools.length > POOL_SLOTS) throw wrongShape(`its configuration has more than ${POOL_SLOTS} pools`);
  return {
    pools,
    fanCustom: conf.bool('bitmain-fan-ctrl'),
    fanPwm: conf.str('bitmain-fan-pwm'),
    workMode: conf.int('bitmain-work-mode') ?? conf.int('miner-mode'),
    freqLevel: conf.str('bitmain-freq-level') ?? conf.str('freq-level'),
    freq: conf.str('bitmain-freq'),
    voltage: conf.str('bitmain-voltage'),
    noBeeper: conf.bool(ASSUMED.noBeeper) ?? false,
    noTempOverCtrl: conf.bool(ASSUMED.noTempOverCtrl) ?? false,
    asRead: Object.fromEntries(
      ASSUMED.sentBackAsRead.filter((name) => conf.has(name)).map((name) => [name, conf.raw(name)]),
    ),
  };
}

function slotFrom(value: unknown): PoolSetting {
  const slot = new Fields(value);
  const [url, worker, password] = ['url', 'user', 'pass'].map((name) => slot.raw(name) ?? '');
  if (typeof url !== 'string' || typeof worker !== 'string' || typeof password !== 'string') {
    throw wrongShape('a pool of its configuration is no text');
  }
  return { url, worker, password };
}

const wrongShape = (detail: string): HeadframeError =>
  new HeadframeError('protocol/wrong-shape', { request: `GET ${CONFIG_PATH}`, detail });

/** The three slots, the empty ones behind. */
const slots = (config: MinerConfig): PoolSetting[] =>
  Array.from({ length: POOL_SLOTS }, (_, i) => config.pools[i] ?? { url: '', worker: '', password: '' });

/**
 * The body for the newer page, in the order of its own script. Names differ from those that are read: `miner-mode`,
 * `freq-level`. What the machine did not say is not made up.
 */
export function bodyOf(config: MinerConfig): Record<string, unknown> {
  return {
    ...(config.fanCustom === null ? {} : { 'bitmain-fan-ctrl': config.fanCustom }),
    ...(config.fanPwm === null ? {} : { 'bitmain-fan-pwm': config.fanPwm }),
    ...config.asRead,
    ...(config.workMode === null ? {} : { 'miner-mode': config.workMode }),
    ...(config.freqLevel === null ? {} : { 'freq-level': config.freqLevel }),
    pools: slots(config).map(({ url, worker, password }) => ({ url, user: worker, pass: password })),
  };
}

/** The sixteen values of the older page, known to it by their place. */
export function formValuesOf(config: MinerConfig): FormValue[] {
  const custom = config.fanCustom === true;
  return [
    ...slots(config).flatMap(({ url, worker, password }, i): FormValue[] => [
      { name: `_ant_pool${i + 1}url`, is: `the URL of pool ${i + 1}`, value: url },
      { name: `_ant_pool${i + 1}user`, is: `the worker of pool ${i + 1}`, value: worker },
      { name: `_ant_pool${i + 1}pw`, is: `the password of pool ${i + 1}`, value: password, secret: true },
    ]),
    { name: '_ant_nobeeper', is: 'the beeper switch', value: String(config.noBeeper) },
    { name: '_ant_notempoverctrl', is: 'the overheat switch', value: String(config.noTempOverCtrl) },
    { name: '_ant_fan_customize_switch', is: 'the fan switch', value: String(custom) },
    { name: '_ant_fan_customize_value', is: 'the fan speed', value: custom ? (config.fanPwm ?? '') : '' },
    { name: '_ant_freq', is: 'the frequency', value: config.freq ?? '' },
    { name: '_ant_voltage', is: 'the voltage', value: config.voltage ?? '' },
    { name: '_ant_work_mode', is: 'the work mode', value: config.workMode === null ? '' : String(config.workMode) },
  ];
}

/** The same with the passwords masked, for what is shown. */
const masked = (config: MinerConfig): MinerConfig => ({
  ...config,
  pools: config.pools.map((pool) => ({ ...pool, password: MASK })),
});

/** The page answers when the miner has been restarted: 30 s and more (protocols.md 2.3, 2.4). */
const SAVING_MS = 60_000;

/**
 * Saves the configuration, which restarts the miner.
 * @throws HeadframeError `usage/invalid` for what the older page cannot carry
 */
export function saveStep({ kind }: Page, config: MinerConfig): Step {
  const http = { method: 'POST', path: SET_PATH, replyMs: SAVING_MS } as const;
  if (kind === 'newer') {
    return pageStep({
      http: { ...http, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(bodyOf(config)) },
      shownBody: JSON.stringify(bodyOf(masked(config))),
      silenceIsFine: true,
      judge: (doc) => codeVerdict(doc),
    });
  }
  const form = formOf(formValuesOf(config));
  const shownBody = formValuesOf(config)
    .map(
      (one) =>
        `${one.name}=${one.secret === true && one.value !== '' ? MASK : formOf([one]).slice(one.name.length + 1)}`,
    )
    .join('&');
  return pageStep({
    http: { ...http, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form },
    shownBody,
    silenceIsFine: true,
    judge: okVerdict,
  });
}
