import { HeadframeError, type HttpReply, type HttpRequest, type Links } from '@headframe/model';
import { GAMMA, infoKeys } from './info.testing.ts';

/*
 * A Bitaxe in memory, typed to protocols.md 6.2 to 6.5 release by release, and to nothing of the code that is tested. Its
 * clock is moved by hand; what it is told is kept as it came, for a test to look at.
 */

type Check = (value: unknown) => boolean;
interface Rule {
  readonly from?: number;
  readonly before?: number;
  readonly ok: Check;
}

const within =
  (min: number, max: number, whole = true): Check =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
const flag: Check = (value) => value === 0 || value === 1 || typeof value === 'boolean';
const letters =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length >= min && value.length <= max;
const one =
  (...words: readonly (string | number)[]): Check =>
  (value) =>
    words.includes(value as string);

/** The table of 6.4, with the range that v2.11 and later check. */
const RULES: Readonly<Record<string, Rule>> = {
  ssid: { ok: letters(1, 32) },
  wifiPass: { ok: letters(0, 63) },
  hostname: { ok: letters(1, 32) },
  stratumURL: { ok: letters(0, 3999), before: 15 },
  stratumUser: { ok: letters(0, 3999), before: 15 },
  stratumPassword: { ok: letters(0, 3999), before: 15 },
  fallbackStratumURL: { ok: letters(0, 3999), before: 15 },
  fallbackStratumUser: { ok: letters(0, 3999), before: 15 },
  fallbackStratumPassword: { ok: letters(0, 3999), before: 15 },
  stratumPort: { ok: within(0, 65535), before: 15 },
  fallbackStratumPort: { ok: within(0, 65535), before: 15 },
  ...both('stratumSuggestedDifficulty', { ok: within(0, 65535), from: 9, before: 15 }),
  ...both('stratumExtranonceSubscribe', { ok: flag, from: 9, before: 15 }),
  ...both('stratumTLS', { ok: within(0, 3), from: 13, before: 15 }),
  ...both('stratumCert', { ok: letters(0, 3999), from: 13, before: 15 }),
  ...both('stratumDecodeCoinbase', { ok: flag, from: 13, before: 15 }),
  ...both('stratumProtocol', { ok: one('SV1', 'SV2'), from: 14, before: 15 }),
  ...both('stratumV2ChannelType', { ok: one('standard', 'extended'), from: 14, before: 15 }),
  ...both('stratumV2AuthorityPubkey', { ok: letters(0, 52), from: 14, before: 15 }),
  useFallbackStratum: { ok: flag, from: 11 },
  frequency: { ok: within(1, 65535, false) },
  coreVoltage: { ok: within(1, 65535) },
  overclockEnabled: { ok: flag, from: 6 },
  autofanspeed: { ok: flag },
  fanspeed: { ok: within(0, 100), before: 11 },
  manualFanSpeed: { ok: within(0, 100), from: 11 },
  minFanSpeed: { ok: within(0, 99), from: 10 },
  temptarget: { ok: within(35, 66), from: 7 },
  overheat_mode: { ok: one(0) },
  display: {
    ok: one('NONE', 'SSD1306 (128x32)', 'SSD1309 (128x64)', 'SH1107 (64x128)', 'SH1107 (128x128)'),
    from: 8,
  },
  rotation: { ok: one(0, 90, 180, 270), from: 9 },
  flipscreen: { ok: flag, before: 9 },
  invertscreen: { ok: flag },
  displayOffset: { ok: within(0, 255), from: 11 },
  displayTimeout: { ok: within(-1, 65535), from: 7 },
  statsFrequency: { ok: within(0, 65535), from: 9 },
  statsLimit: { ok: within(0, 720), from: 8, before: 9 },
  statsDuration: { ok: within(1, 720), from: 8, before: 9 },
  invertfanpolarity: { ok: flag, before: 7 },
  useCustomWWW: { ok: flag, from: 15 },
  primaryPoolIndex: { ok: within(0, 7), from: 15 },
  secondaryPoolIndex: { ok: within(0, 7), from: 15 },
  pools: { ok: Array.isArray, from: 15 },
};

function both(key: string, rule: Rule): Record<string, Rule> {
  return { [key]: rule, [`fallback${key.slice(0, 1).toUpperCase()}${key.slice(1)}`]: rule };
}

const START_MS = 8_000;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export class BitaxeDouble {
  now = 1_795_161_600_000;
  readonly release: number;
  /** `PATCH /api/system {...}`, in their order; without the reads. */
  readonly writes: string[] = [];
  readonly reads: string[] = [];
  readonly stored: Record<string, unknown> = { ...GAMMA };
  version: string;
  /** Passwords and the like: kept and never told. */
  readonly secret: Record<string, unknown> = {};
  theme: Record<string, unknown>;
  pools: Record<string, unknown>[] = [];
  #startedAt: number;
  #downUntil = 0;
  #running: Record<string, unknown> = {};
  saysHi = false;
  /** Keys that it takes and does not keep: a lie for a test. */
  readonly deaf = new Set<string>();
  /** Answers instead of its own. */
  readonly instead: Record<string, HttpReply | HeadframeError | (() => HttpReply | HeadframeError)> = {};
  messages: readonly string[] = [];
  subscribes: HeadframeError | null = null;

  constructor(release: number, stored: Readonly<Record<string, unknown>> = {}) {
    this.release = release;
    this.version = `v2.${release}.0`;
    Object.assign(this.stored, stored);
    this.#startedAt = this.now - 18_574_000;
    this.theme =
      release >= 15
        ? { colorScheme: 'dark', primaryColor: '#F80421' }
        : { colorScheme: 'dark', accentColors: { '--p': '#F80421' } };
    if (release >= 15) {
      this.pools = [0, 1].map((id) => ({
        id,
        stratumURL: id === 0 ? 'public-pool.io' : 'solo.ckpool.org',
        stratumPort: id === 0 ? 21496 : 3333,
        stratumUser: 'bc1q.bitaxe',
        stratumPassword: 'old-secret',
        stratumSuggestedDifficulty: 1000,
        stratumExtranonceSubscribe: false,
        stratumTLS: 0,
        stratumDecodeCoinbase: true,
        stratumProtocol: 'SV1',
      }));
    }
    this.#start();
  }

  readonly pass = (ms: number): void => {
    this.now += ms;
  };

  get links(): Links {
    return {
      clock: { now: () => this.now },
      credentials: null,
      http: {
        hasCredentials: false,
        http: async (request) => this.#answer(request),
        subscribe: async ({ path }, onMessage) => {
          this.reads.push(`WS ${path}`);
          let end: (error: HeadframeError | null) => void = () => {};
          const ended = new Promise<HeadframeError | null>((resolve) => {
            end = resolve;
          });
          for (const message of this.messages) {
            this.now += 1_000;
            onMessage(message);
          }
          if (this.subscribes !== null) end(this.subscribes);
          return { ended, close: () => end(null) };
        },
      },
    };
  }

  info(): Record<string, unknown> {
    const keys = infoKeys(this.release);
    const shown = Object.fromEntries(Object.entries(this.stored).filter(([key]) => keys.has(key)));
    const flags = this.release >= 14 ? ['stratumExtranonceSubscribe', 'stratumDecodeCoinbase'] : [];
    for (const name of flags.flatMap((flagName) => Object.keys(both(flagName, { ok: flag })))) {
      if (keys.has(name)) shown[name] = shown[name] === 1 || shown[name] === true;
    }
    return {
      ...shown,
      version: this.version,
      ...(keys.has('axeOSVersion') ? { axeOSVersion: this.stored.axeOSVersion ?? this.version } : {}),
      uptimeSeconds: Math.floor((this.now - this.#startedAt) / 1000),
      coreVoltageActual: Number(this.stored.coreVoltage) - 6,
      ...(keys.has('actualFrequency') ? { actualFrequency: this.stored.frequency } : {}),
      fanspeed: this.#duty(),
      bestDiff: this.release >= 11 ? 49224525 : '49.2M',
      bestSessionDiff: this.release >= 11 ? 2038368 : '2.04M',
      isUsingFallbackStratum: Number(this.#running.useFallbackStratum ?? 0),
      ...(this.release >= 15 ? { pools: this.pools.map((pool) => ({ ...pool, stratumPassword: '*****' })) } : {}),
    };
  }

  restart(): void {
    this.#downUntil = this.now + START_MS;
    this.#startedAt = this.#downUntil;
    this.#start();
  }

  #start(): void {
    this.#running = { ...this.stored };
  }

  #duty(): number {
    if (this.stored.autofanspeed === 1 || this.stored.autofanspeed === true) return 48.42;
    return Number(this.release >= 11 ? this.stored.manualFanSpeed : this.stored.fanspeed);
  }

  #answer({ method, path, body, headers }: HttpRequest): HttpReply {
    if (headers !== undefined && Object.keys(headers).some((name) => name.toLowerCase() === 'origin')) {
      throw new Error('an Origin was sent');
    }
    const text = typeof body === 'string' ? body : body === undefined ? '' : `<${body.length} bytes>`;
    const asked = `${method} ${path}`;
    if (method === 'GET') this.reads.push(asked);
    else this.writes.push(text === '' ? asked : `${asked} ${text}`);
    if (this.now < this.#downUntil) throw new HeadframeError('link/refused');
    const found = this.instead[asked];
    const given = typeof found === 'function' ? found() : found;
    if (given instanceof HeadframeError) throw given;
    return given ?? this.#page(method, path, text, body);
  }

  #page(method: string, path: string, text: string, body: HttpRequest['body']): HttpReply {
    const { release } = this;
    const message = (said: string) => this.reply(200, release >= 13 ? JSON.stringify({ message: said }) : said);
    switch (`${method} ${path.split('?')[0]}`) {
      case 'GET /api/system/info':
        return this.json(this.info());
      case 'PATCH /api/system':
        return this.#patch(JSON.parse(text));
      case 'POST /api/system/restart':
        this.restart();
        return message('System will restart shortly.');
      case 'GET /api/theme':
        return this.json(this.theme);
      case 'POST /api/theme':
        this.theme = JSON.parse(text);
        return this.json({ status: 'ok' });
      case 'POST /api/system/OTA':
        this.version = new TextDecoder().decode((body as Uint8Array).subarray(48, 80)).replaceAll('\0', '');
        this.restart();
        return this.reply(200, 'Firmware update complete, rebooting now!\n');
      case 'POST /api/system/OTAWWW':
        this.stored.axeOSVersion = 'v9.9.9';
        if (release >= 15) this.restart();
        return this.reply(200, release >= 15 ? 'WWW update complete, rebooting now!\n' : 'WWW update complete\n');
    }
    const since = (first: number, before = 99) => release >= first && release < before;
    if (path === '/api/system/asic' && since(7)) {
      return this.json({
        ASICModel: 'BM1370',
        frequencyOptions: [400, 490, 525, 550, 600, 625],
        voltageOptions: [1000, 1060, 1100, 1150, 1200, 1250],
        ...(since(8) ? { defaultFrequency: 525, defaultVoltage: 1150 } : {}),
        ...(since(9) ? { deviceModel: 'Gamma', swarmColor: 'green', asicCount: 1 } : {}),
      });
    }
    if (path === '/api/system/wifi/scan' && since(6)) {
      return this.json({
        networks: [
          { ssid: 'MyWiFiNetwork', rssi: -65, authmode: 3 },
          { ssid: 'x', rssi: -91, authmode: 13 },
        ],
      });
    }
    if (path.startsWith('/api/system/statistics/dashboard') && since(8, 11)) {
      return this.json({ currentTimestamp: 1, statistics: [] });
    }
    if (path.startsWith('/api/system/statistics') && !path.includes('dashboard') && since(8)) {
      return this.json({ currentTimestamp: 1, labels: ['hashRate', 'timestamp'], statistics: [] });
    }
    if (path === '/api/system/identify' && method === 'POST' && since(12)) {
      this.saysHi = !this.saysHi;
      return message(this.saysHi ? 'The device says "Hi!" for 30 seconds.' : 'The device no longer says "Hi!".');
    }
    if (path === '/api/system/blockFound/dismiss' && method === 'POST' && since(13)) {
      this.stored.showNewBlock = false;
      return this.json({ blockFound: 0, showNewBlock: false, message: 'dismissed' });
    }
    if (path === '/api/system/logs' && since(14)) return this.reply(200, 'I (1) kept log\n');
    if (path === '/api/system/scoreboard' && since(14)) return this.json([]);
    if (/^\/api\/system\/(pause|resume)$/.test(path) && method === 'POST' && since(14)) {
      this.stored.miningPaused = path.endsWith('pause');
      return message(path.endsWith('pause') ? 'Mining paused' : 'Mining resumed');
    }
    if (path === '/api/system/boot' && method === 'POST' && since(15)) {
      this.stored.runningPartition = JSON.parse(text).partition;
      this.restart();
      return message('Booting');
    }
    const [, id] = /^\/api\/system\/pools\/([0-7])$/.exec(path) ?? [];
    if (id !== undefined && since(15)) return this.#pool(method, Number(id), text);
    // An API path that a release does not have (6.1).
    return release >= 9
      ? this.reply(404, '{"error":"unknown route"}')
      : this.reply(302, 'Redirect to the captive portal');
  }

  #pool(method: string, id: number, text: string): HttpReply {
    if (method === 'DELETE') {
      if (id === this.stored.primaryPoolIndex || id === this.stored.secondaryPoolIndex) {
        return this.reply(400, 'Cannot delete a pool that is currently selected as primary or fallback');
      }
      this.pools = this.pools.filter((pool) => pool.id !== id);
      return this.json({ message: 'Pool cleared successfully' });
    }
    return this.#putPool(id, JSON.parse(text))
      ? this.json({ message: 'Pool updated successfully' })
      : this.reply(400, 'Invalid pool configuration payload');
  }

  /** Replaces the whole object; what is left out falls back to its default. */
  #putPool(id: number, given: Record<string, unknown>): boolean {
    const { stratumURL, stratumUser, stratumPort, stratumPassword = 'x' } = given;
    if (!letters(1, 255)(stratumURL) || !letters(1, 255)(stratumUser) || !within(1, 65535)(stratumPort)) return false;
    const old = this.pools.find((pool) => pool.id === id);
    const object = {
      stratumSuggestedDifficulty: 0,
      stratumExtranonceSubscribe: false,
      stratumTLS: 0,
      stratumDecodeCoinbase: true,
      stratumProtocol: 'SV1',
      ...given,
      id,
      stratumPassword: stratumPassword === '*****' ? old?.stratumPassword : stratumPassword,
    };
    this.pools = [...this.pools.filter((pool) => pool.id !== id), object].sort((a, b) => Number(a.id) - Number(b.id));
    return true;
  }

  #patch(given: Record<string, unknown>): HttpReply {
    const known = Object.entries(given).filter(([key]) => {
      const rule = RULES[key];
      return rule !== undefined && this.release >= (rule.from ?? 0) && this.release < (rule.before ?? 99);
    });
    if (this.release >= 11 && known.some(([key, value]) => RULES[key]?.ok(value) === false)) {
      return this.reply(400, 'Wrong API input');
    }
    for (const [key, value] of known) {
      if (this.deaf.has(key)) continue;
      if (/pass$|password$|displayOffset/i.test(key)) this.secret[key] = value;
      else if (key === 'pools')
        for (const pool of value as Record<string, unknown>[]) this.#putPool(Number(pool.id), pool);
      else if (key === 'frequency' && this.release < 10) this.stored[key] = Math.trunc(Number(value));
      else this.stored[key] = key === 'overheat_mode' ? 0 : typeof value === 'boolean' ? Number(value) : value;
    }
    if (this.release >= 15 && 'hostname' in given) {
      return this.json({ status: 'ok', redirect: { url: 'http://x.local', delay: 2000, message: 'moved' } });
    }
    return this.reply(200, '');
  }

  json(value: unknown): HttpReply {
    return this.reply(200, this.release <= 13 ? JSON.stringify(value, null, '\t') : JSON.stringify(value));
  }

  reply(status: number, text: string): HttpReply {
    return { status, headers: {}, body: encode(text), at: this.now, ms: 20 };
  }
}
