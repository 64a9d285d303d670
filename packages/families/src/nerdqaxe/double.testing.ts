import { HeadframeError, type HttpReply, type HttpRequest, type Links } from '@headframe/model';

/*
 * A NerdQAxe++ in memory, typed to protocols.md 6.6: PATCH without any check, where a key of another type than it wants is
 * passed over without a word, and one-time passwords. Its clock is moved by hand.
 */

const START_MS = 8_000;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const INFO: Readonly<Record<string, unknown>> = {
  deviceModel: 'NerdQAxe++',
  ASICModel: 'BM1370',
  asicCount: 4,
  smallCoreCount: 2040,
  hostip: '192.168.1.50',
  macAddr: 'AA:BB:CC:DD:EE:01',
  hostname: 'nerdqaxe',
  version: 'v1.0.36',
  runningPartition: 'ota_0',
  power: 76.5,
  maxPower: 100,
  minPower: 52,
  voltage: 12012.5,
  maxVoltage: 13,
  minVoltage: 11,
  current: 6368,
  currentA: 6.368,
  temp: 58.5,
  asicTemps: [57.5, 58.5, 56.25, 0],
  vrTemp: 61,
  vrTempInt: 66.5,
  hashRateTimestamp: 7_200_000,
  hashRate: 4896.5,
  hashRate_1m: 4890,
  hashRate_10m: 4880,
  hashRate_1h: 4870,
  hashRate_1d: 4860,
  bestDiff: '4.29G',
  bestSessionDiff: '12.3M',
  sharesAccepted: 5000,
  sharesRejected: 7,
  poolDifficulty: 2048,
  duplicateHWNonces: 3,
  coreVoltage: 1150,
  defaultCoreVoltage: 1150,
  frequency: 600,
  fanspeed: 55,
  fanspeed2: 50,
  manualFanSpeed: 80,
  fanrpm: 2400,
  fanrpm2: 0,
  fanCount: 2,
  autofanspeed: 2,
  pidTargetTemp: 55,
  pidP: 2,
  pidI: 0.1,
  pidD: 1,
  jobInterval: 500,
  vrFrequency: 25000,
  overheat_temp: 70,
  stratumDifficulty: 1000,
  flipscreen: 0,
  invertscreen: 0,
  autoscreenoff: 0,
  invertfanpolarity: 0,
  stratum_keep: 0,
  ssid: 'HomeNET',
  wifiStatus: 'Connected!',
  wifiRSSI: -61,
  lastResetReason: 'Power on',
  stratumURL: 'public-pool.io',
  stratumPort: 21496,
  stratumUser: 'bc1q.nerd',
  stratumTLS: false,
  fallbackStratumURL: 'solo.ckpool.org',
  fallbackStratumPort: 3333,
  fallbackStratumUser: 'bc1q.nerd',
  fallbackStratumTLS: false,
  shutdown: false,
  otp: false,
};

const bool = (value: unknown): boolean => typeof value === 'boolean';
const text = (value: unknown): boolean => typeof value === 'string';
const whole = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffffffff;
const float = (value: unknown): boolean => typeof value === 'number';

/** What PATCH takes, by type. */
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...Object.fromEntries(
    ['stratumURL', 'stratumUser', 'fallbackStratumURL', 'fallbackStratumUser', 'ssid', 'hostname'].map((k) => [
      k,
      text,
    ]),
  ),
  ...Object.fromEntries(['stratumPassword', 'fallbackStratumPassword', 'wifiPass'].map((k) => [k, text])),
  ...Object.fromEntries(
    [
      'flipscreen',
      'invertscreen',
      'autoscreenoff',
      'invertfanpolarity',
      'stratum_keep',
      'stratumTLS',
      'fallbackStratumTLS',
    ].map((k) => [k, bool]),
  ),
  ...Object.fromEntries(
    [
      'stratumPort',
      'fallbackStratumPort',
      'frequency',
      'coreVoltage',
      'jobInterval',
      'vrFrequency',
      'overheat_temp',
      'stratumDifficulty',
      'autofanspeed',
      'manualFanSpeed',
      'pidTargetTemp',
    ].map((k) => [k, whole]),
  ),
  ...Object.fromEntries(['pidP', 'pidI', 'pidD'].map((k) => [k, float])),
};
/** Flags that are shown as numbers. */
const SHOWN_AS_NUMBER = new Set(['flipscreen', 'invertscreen', 'autoscreenoff', 'invertfanpolarity', 'stratum_keep']);

export class NerdqaxeDouble {
  now = 1_795_161_600_000;
  readonly writes: string[] = [];
  readonly reads: string[] = [];
  readonly stored: Record<string, unknown> = { ...INFO };
  readonly secret: Record<string, unknown> = {};
  readonly pages: Record<string, Record<string, unknown>> = {
    '/api/v2/influx': { url: 'http://192.168.1.9', port: 8086, bucket: 'axe', org: 'home', prefix: 'nerd', enabled: 0 },
    '/api/v2/alert': { watchdogEnable: 0, blockFoundEnable: 0 },
  };
  /** `/api/v2/settings`, as far as it goes beyond the flat keys. */
  readonly settings = {
    poolMode: 0,
    poolBalance: 50,
    pools: [
      { url: 'public-pool.io', protocol: 0, enonceSubscribe: false, coinbaseVerifyMode: 0, coinbaseMaxFee: 5 },
      { url: 'solo.ckpool.org', protocol: 0, enonceSubscribe: false, coinbaseVerifyMode: 0, coinbaseMaxFee: 5 },
    ] as Record<string, unknown>[],
    fans: [
      { label: 'ASIC', mode: 2, manualSpeed: 100, pid: { targetTemp: 55, p: 6 } },
      { label: 'VR', mode: 2, manualSpeed: 100, pid: { targetTemp: 65, p: 6 } },
    ] as Record<string, unknown>[],
  };
  /** The one-time password of the moment. */
  otp = '123456';
  tokens: string[] = [];
  sentOtp: (string | undefined)[] = [];
  blocked = false;
  messages: readonly string[] = [];
  readonly deaf = new Set<string>();
  readonly instead: Record<string, HttpReply | HeadframeError | (() => HttpReply | HeadframeError)> = {};
  #startedAt = this.now - 86_400_000;
  #downUntil = 0;

  constructor(stored: Readonly<Record<string, unknown>> = {}) {
    Object.assign(this.stored, stored);
    for (const [key, value] of Object.entries(stored)) if (value === undefined) delete this.stored[key];
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
          let end: (error: null) => void = () => {};
          const ended = new Promise<null>((resolve) => {
            end = resolve;
          });
          for (const message of this.messages) {
            this.now += 1_000;
            onMessage(message);
          }
          return { ended, close: () => end(null) };
        },
      },
    };
  }

  info(): Record<string, unknown> {
    const down = this.stored.shutdown === true;
    return {
      ...this.stored,
      uptimeSeconds: Math.floor((this.now - this.#startedAt) / 1000),
      coreVoltageActual: down ? 0 : Number(this.stored.coreVoltage) - 8,
      ...(down ? { hashRate: 0 } : {}),
      fanspeed: this.stored.autofanspeed === 0 ? this.stored.manualFanSpeed : this.stored.fanspeed,
    };
  }

  restart(): void {
    this.#downUntil = this.now + START_MS;
    this.#startedAt = this.#downUntil;
    this.stored.shutdown = false;
  }

  #answer({ method, path, body, headers = {} }: HttpRequest): HttpReply {
    const sent = typeof body === 'string' ? body : body === undefined ? '' : `<${body.length} bytes>`;
    const asked = `${method} ${path}`;
    if (method === 'GET') this.reads.push(asked);
    else this.writes.push(sent === '' ? asked : `${asked} ${sent}`);
    if (this.now < this.#downUntil) throw new HeadframeError('link/refused');
    const found = this.instead[asked];
    const given = typeof found === 'function' ? found() : found;
    if (given instanceof HeadframeError) throw given;
    if (given !== undefined) return given;
    if (method !== 'GET' && path !== '/api/v2/otp/session') {
      this.sentOtp.push(headers['X-OTP-Session'] ?? headers['X-TOTP']);
      if (this.blocked) return this.reply(401, 'blocked for 5 minutes');
      const isOpen = path === '/api/v2/otp' && method === 'POST';
      const needed = this.stored.otp === true || (path === '/api/v2/otp' && method === 'PATCH');
      const valid = this.tokens.includes(headers['X-OTP-Session'] ?? '') || headers['X-TOTP'] === this.otp;
      if (needed && !isOpen && !valid) return this.reply(401, 'OTP/Session required');
    }
    return this.#page(method, path, sent, headers, body);
  }

  #page(
    method: string,
    path: string,
    sent: string,
    headers: Readonly<Record<string, string>>,
    body: HttpRequest['body'],
  ): HttpReply {
    const page = this.pages[path];
    switch (`${method} ${path.split('?')[0]}`) {
      case 'GET /api/system/info':
        return this.json({ ...this.info(), ...(path.includes('?') ? { history: { timestamps: [] } } : {}) });
      case 'GET /api/system/asic':
        return this.json({ frequencyOptions: [500, 550, 600], voltageOptions: [1120, 1150, 1200] });
      case 'PATCH /api/system':
        return this.#patch(JSON.parse(sent));
      case 'POST /api/system/restart':
        this.restart();
        return this.reply(200, 'System will restart shortly.');
      case 'POST /api/system/shutdown':
        this.stored.shutdown = true;
        return this.reply(200, 'System will shutdown shortly.');
      case 'POST /api/system/reset-stats':
        return this.reply(204, '');
      case 'POST /api/system/OTA':
        this.stored.version = new TextDecoder().decode((body as Uint8Array).subarray(48, 80)).replaceAll('\0', '');
        this.restart();
        return this.reply(200, 'Firmware update complete, rebooting now!\n');
      case 'POST /api/system/OTAWWW':
        return this.reply(200, 'WWW update complete\n');
      case 'POST /api/v2/alert/test':
        return this.reply(200, 'ok');
      case 'POST /api/v2/otp':
        return this.stored.otp === true ? this.reply(405, 'OTP is enabled') : this.reply(200, '');
      case 'PATCH /api/v2/otp':
        this.stored.otp = JSON.parse(sent).enabled;
        return this.reply(200, '');
      case 'GET /api/v2/otp/status':
        return this.json({ enabled: this.stored.otp });
      case 'POST /api/v2/otp/session':
        if (this.stored.otp !== true) return this.reply(405, 'OTP disabled');
        if (headers['X-TOTP'] !== this.otp) return this.reply(401, 'Invalid TOTP');
        this.tokens.push(`token-${this.tokens.length + 1}`);
        return this.json({ token: this.tokens.at(-1), ttlMs: 86_400_000 });
      case 'GET /api/v2/wifi/scan':
        return this.reply(403, 'WiFi scan only available while AP is active');
      case 'GET /api/v2/settings':
        return this.json(this.settings);
      case 'PATCH /api/v2/settings':
        return this.#patchSettings(JSON.parse(sent));
      case 'GET /api/v2/dashboard':
      case 'GET /api/v2/system':
      case 'GET /api/v2/can/nodes':
      case 'GET /api/swarm/info':
        return this.json({ page: path });
    }
    if (page !== undefined && method === 'GET') return this.json(page);
    if (page !== undefined && method === 'PATCH') {
      for (const [key, value] of Object.entries(JSON.parse(sent))) {
        if (/token|webhook/i.test(key)) this.secret[key] = value;
        else page[key] = typeof value === 'boolean' ? Number(value) : value;
      }
      return this.reply(200, '');
    }
    return this.reply(302, 'Redirect to the captive portal');
  }

  #patch(given: Record<string, unknown>): HttpReply {
    for (const [key, value] of Object.entries(given)) {
      if (TYPES[key]?.(value) !== true || this.deaf.has(key)) continue;
      if (/pass$|password$/i.test(key)) this.secret[key] = value;
      else this.stored[key] = SHOWN_AS_NUMBER.has(key) ? Number(value) : value;
    }
    return this.reply(200, '');
  }

  #patchSettings({ pools = [], fans = [], ...rest }: Record<string, unknown>): HttpReply {
    Object.assign(this.settings, rest);
    for (const [i, pool] of (pools as Record<string, unknown>[]).entries())
      Object.assign(this.settings.pools[i] ?? {}, pool);
    for (const [i, { pid, ...fan }] of (fans as Record<string, unknown>[]).entries()) {
      Object.assign(this.settings.fans[i] ?? {}, fan);
      Object.assign((this.settings.fans[i]?.pid ?? {}) as object, pid);
    }
    return this.reply(200, '');
  }

  json(value: unknown): HttpReply {
    return this.reply(200, JSON.stringify(value));
  }

  reply(status: number, said: string): HttpReply {
    return { status, headers: {}, body: encode(said), at: this.now, ms: 20 };
  }
}
