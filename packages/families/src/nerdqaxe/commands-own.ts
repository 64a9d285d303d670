import { type Action, action, flag, HeadframeError, integer, optional, secret, text } from '@headframe/model';
import {
  ASIC_PATH,
  axeStep,
  bytesOf,
  change,
  documentOf,
  emptyIsYes,
  fetchHeard,
  fetching,
  fetchNetworks,
  fetchPage,
  INFO_PATH,
  saysYes,
  shows,
  type Wanted,
} from '@headframe/wire/axeos';
import { pageCommands } from './commands-page.ts';
import {
  AT_NEXT_RESTART,
  type Device,
  definedIn,
  needKey,
  openDevice,
  otpParameter,
  patch,
  restartFlag,
  restartIf,
  writing,
} from './device.ts';
import { OTP_HEADER } from './session.ts';
import { SETTINGS, type Setting } from './settings.ts';

/* Everything beyond the common vocabulary, under the device's own words (protocols.md 6.6). */

const settingCommands = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, setting]) => [key, settingCommand(key, setting)]),
);

function settingCommand(key: string, { does, name, value, restarts }: Setting): Action {
  return writing(
    { [name]: value, ...(restarts === undefined ? {} : { restart: restartFlag('off') }) },
    (device, given: Readonly<Record<string, unknown>>) => {
      needKey(device.info, key);
      const wanted = given[name] as number | boolean;
      const restart = given.restart === true;
      return change({
        steps: [patch(device, { [key]: wanted })],
        restart: restartIf(device, restart),
        notes: restarts === true && !restart ? [AT_NEXT_RESTART] : [],
        looksAt: `${key} of info`,
        seen: (info) => shows(info, { [key]: wanted }),
      });
    },
    { does },
  );
}

/** Settings of a page of their own, which is read first: a name that it does not show is not sent. */
async function patchPage(
  device: Device,
  path: string,
  given: Readonly<Record<string, string | number | boolean | undefined>>,
  unseen: string,
) {
  const body = definedIn(given);
  if (Object.keys(body).length === 0) throw new HeadframeError('usage/invalid', { detail: 'Nothing to set was given' });
  const page = await documentOf(device.links, path);
  const visible: Wanted = Object.fromEntries(Object.entries(body).filter(([key]) => key !== unseen));
  for (const key of Object.keys(visible)) needKey(page, key);
  const prepared = change({
    steps: [patch(device, body, [unseen], path)],
    looksAt: `GET ${path}`,
    seen: async (_, links) => shows(await documentOf(links, path), visible),
  });
  return Object.keys(visible).length > 0
    ? prepared
    : { ...prepared, readBack: { never: `it never tells its ${unseen}` } };
}

const INFLUX = '/api/v2/influx';
const ALERT = '/api/v2/alert';

const influxText = (about: string) => optional(text({ about, most: 255, source: `NerdQAxe PATCH ${INFLUX}` }));

const influx = writing(
  {
    enable: optional(flag({ about: 'whether it reports', source: `NerdQAxe PATCH ${INFLUX}` })),
    url: influxText('address of the database'),
    port: optional(integer({ about: 'port', min: 1, max: 65_535, source: `NerdQAxe PATCH ${INFLUX}` })),
    bucket: influxText('bucket'),
    org: influxText('organisation'),
    prefix: influxText('prefix of its measurements'),
    token: optional(secret({ about: 'token of the database', most: 255, source: `NerdQAxe PATCH ${INFLUX}` })),
  },
  (device, { enable, url, port, bucket, org, prefix, token }) =>
    patchPage(
      device,
      INFLUX,
      {
        enabled: enable,
        url,
        port,
        bucket,
        org,
        prefix,
        token,
      },
      'token',
    ),
  { does: 'Reports its readings to an InfluxDB', lasting: 'counts from the next restart on' },
);

const alertFlag = (about: string) => optional(flag({ about, source: `NerdQAxe PATCH ${ALERT}` }));

const alert = writing(
  {
    watchdog: alertFlag('tells of restarts by its watchdog'),
    blockFound: alertFlag('tells of found blocks'),
    bestDiff: alertFlag('tells of new best shares'),
    coinbaseVerify: alertFlag('tells of a coinbase that does not pay'),
    showBlockFound: alertFlag('shows found blocks on its display'),
    webhook: optional(secret({ about: 'address of the webhook', most: 400, source: `NerdQAxe PATCH ${ALERT}` })),
  },
  (device, { watchdog, blockFound, bestDiff, coinbaseVerify, showBlockFound, webhook }) =>
    patchPage(
      device,
      ALERT,
      {
        watchdogEnable: watchdog,
        blockFoundEnable: blockFound,
        bestDiffEnable: bestDiff,
        coinbaseVerifyEnable: coinbaseVerify,
        showBlockFoundScreen: showBlockFound,
        webhookUrl: webhook,
      },
      'webhookUrl',
    ),
  { does: 'Sets what it tells of over a webhook' },
);

const alertTest = writing(
  {},
  ({ key }) => ({
    steps: [axeStep({ ...key, method: 'POST', path: `${ALERT}/test`, judge: saysYes(/^ok/i) })],
    readBack: { never: 'the message goes to the webhook' },
  }),
  { does: 'Sends a test message to its webhook' },
);

const resetStats = writing(
  {},
  ({ key }) => ({
    steps: [axeStep({ ...key, method: 'POST', path: '/api/system/reset-stats', judge: emptyIsYes })],
    readBack: { never: 'which of its counters it sets back is documented nowhere' },
  }),
  { does: 'Sets its counters back', lasting: 'they are gone' },
);

const OTP = '/api/v2/otp';

const otpEnroll = action(
  {},
  async (links) => {
    const { info } = await openDevice(links);
    if (info.bool('otp') === true) {
      throw new HeadframeError('usage/invalid', { detail: 'One-time passwords are switched on already' });
    }
    return {
      notes: [
        'Its display shows a code for an authenticator app; nerdqaxe.otp with a password of that app confirms it',
      ],
      steps: [axeStep({ method: 'POST', path: OTP, judge: emptyIsYes })],
      readBack: { never: 'the code shows on its display only' },
    };
  },
  { does: 'Begins with one-time passwords: shows a code on its display' },
);

/** A session is not enough here: the password itself is wanted. */
const otp = action(
  {
    on: flag({ about: 'whether writes need a one-time password', source: `NerdQAxe PATCH ${OTP}` }),
    otp: otpParameter,
  },
  async (links, { on, otp: password }) => {
    await openDevice(links);
    return change({
      steps: [
        axeStep({
          method: 'PATCH',
          path: OTP,
          json: { enabled: on },
          secretHeaders: { [OTP_HEADER]: password },
        }),
      ],
      looksAt: `GET ${OTP}/status`,
      seen: async (_, at) => shows(await documentOf(at, `${OTP}/status`), { enabled: on }),
    });
  },
  { does: 'Switches one-time passwords on, after nerdqaxe.otp-enroll, or off' },
);

const document = (name: string, path: string, does: string): Action =>
  action(
    {},
    async (links) => {
      await openDevice(links);
      return fetchPage(`nerdqaxe-${name}.json`, path);
    },
    { does },
  );

const HOUR_S = 3_600;

/** Its history is a part of info, from a time of its own clock on. */
const history = action(
  {
    spanS: optional(
      integer({ about: 'how far back', unit: 's', min: 60, max: 3 * HOUR_S, source: 'NerdQAxe info history_span' }),
    ),
    rows: optional(integer({ about: 'most rows', min: 1, max: 1_000, source: 'NerdQAxe info limit' })),
  },
  async (links, { spanS = HOUR_S, rows = 1_000 }) => {
    const { info } = await openDevice(links);
    const now = info.num('hashRateTimestamp');
    if (now === null) throw new HeadframeError('support/unsupported', { detail: 'this version has no history' });
    const spanMs = spanS * 1_000;
    const from = Math.max(1, Math.trunc(now) - spanMs);
    const path = `${INFO_PATH}?ts=${from}&limit=${rows}&history_span=${spanMs}&cur=0`;
    return fetching('nerdqaxe-history.json', (at) => bytesOf(at, path));
  },
  { does: 'Fetches the history of its readings, within its info' },
);

export const ownCommands: Readonly<Record<string, Action>> = {
  ...settingCommands,
  ...pageCommands,
  influx,
  alert,
  'alert-test': alertTest,
  'reset-stats': resetStats,
  'otp-enroll': otpEnroll,
  otp,
  history,
  asic: document('asic', ASIC_PATH, 'Fetches chip, board, and the clocks and voltages that its page offers'),
  dashboard: document('dashboard', '/api/v2/dashboard', 'Fetches what its start page shows'),
  settings: document('settings', '/api/v2/settings', 'Fetches its settings as its newer page has them'),
  system: document('system', '/api/v2/system', 'Fetches what its newer page says of the system'),
  'can-nodes': document('can-nodes', '/api/v2/can/nodes', 'Fetches the devices that hang on its CAN bus'),
  swarm: document('swarm', '/api/swarm/info', 'Fetches the devices that its page knows'),
  'wifi-scan': action(
    {},
    async (links) => {
      await openDevice(links);
      return fetchNetworks('nerdqaxe-wifi.json', '/api/v2/wifi/scan');
    },
    {
      does: 'Looks which Wi-Fi networks it can hear; only while it is an access point itself',
      takes: 'up to ten seconds',
    },
  ),
};

/** Only one can listen: a second client takes over. */
export const downloadLogs = action(
  {
    seconds: optional(
      integer({ about: 'how long to listen', unit: 's', min: 1, max: 300, source: 'NerdQAxe WebSocket /api/ws' }),
    ),
  },
  async (links, { seconds = 10 }) => {
    await openDevice(links);
    return fetchHeard('nerdqaxe.log', '/api/ws', seconds, [
      `It is listened to for ${seconds} s; its own page loses the log meanwhile`,
    ]);
  },
);
