import { hash32, streamKey, uniform } from '../sim/counter-random.ts';
import type { SimulatedHttpReply } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import { info } from './sim-info.ts';
import { logLines } from './sim-log.ts';
import { type Asked, CORS, error, type Handler, json, plain } from './sim-page.ts';
import { dashboard, statistics } from './sim-statistics.ts';
import { NETWORKS } from './sim-store.ts';
import type { Bitaxe } from './sim-unit.ts';
import { jsonOf, keysOf } from './sim-values.ts';

/*
 * What can be asked of a Bitaxe (protocols.md 6.2, 6.5).
 */

const MOST_BOARD = 20;

export const getInfo: Handler = (asked) => json(asked, info(asked.unit, asked.now));

export const getAsic: Handler = (asked) => {
  const { board, release } = asked.unit;
  const { minor } = release;
  const { chip } = board;
  return json(asked, {
    ASICModel: chip.model,
    ...(minor >= 9 && { deviceModel: board.deviceModel, swarmColor: board.swarmColor, asicCount: board.chips }),
    ...(minor >= 8 && { defaultFrequency: chip.mhz }),
    frequencyOptions: chip.frequencyOptions,
    ...(minor >= 8 && { defaultVoltage: chip.mv }),
    voltageOptions: chip.voltageOptions,
    ...(minor >= 11 && { hashDomains: minor === 11 && chip.domains === 1 ? 0 : chip.domains }),
  });
};

export const getStatistics: Handler = (asked) =>
  json(asked, statistics(asked.unit, asked.query, asked.now), asked.unit.release.minor < 11);

export const getDashboard: Handler = (asked) => json(asked, dashboard(asked.unit, asked.now), true);

export const getScan: Handler = (asked) => {
  const { unit, now } = asked;
  if (unit.isOn('scan-busy') || now < unit.scanUntil) return error(500, 'WiFi scan failed');
  unit.scanUntil = now + ASSUMED.scanMs;
  const networks = NETWORKS.map((network, i) => ({
    ...network,
    rssi: network.rssi - Math.round(3 * uniform(streamKey(unit.seed, 'scan', i), Math.floor(now / 60_000))),
  }));
  return { ...json(asked, { networks }), afterMs: ASSUMED.scanMs };
};

/** The keys of `/api/theme` by release. */
const themeKeys = ({ release: { minor } }: Bitaxe): readonly string[] =>
  minor >= 15
    ? ['colorScheme', 'primaryColor']
    : minor <= 6
      ? ['colorScheme', 'theme', 'accentColors']
      : ['colorScheme', 'accentColors'];

export const getTheme: Handler = (asked) =>
  json(asked, Object.fromEntries(themeKeys(asked.unit).map((key) => [key, asked.unit.theme[key]])));

const MOST_THEME_BYTES = 1023;

export const postTheme: Handler = (asked) => {
  const { unit, request } = asked;
  if (request.body.length > MOST_THEME_BYTES) return error(500, 'content too long');
  const document = jsonOf(request.body);
  if (document === undefined) return error(400, 'Invalid JSON');
  const given = keysOf(document);
  for (const key of themeKeys(unit)) {
    const value = given.get(key.toLowerCase());
    const fits = key === 'accentColors' ? typeof value === 'object' && value !== null : typeof value === 'string';
    if (fits) unit.theme[key] = value;
  }
  return json(asked, { status: 'ok' });
};

/** The best shares of this run: the first one is the session's best difficulty. */
export const getScoreboard: Handler = (asked) => {
  const { unit, now } = asked;
  const best = unit.session.bestShare(now);
  const count = Math.min(MOST_BOARD, unit.session.shares(now).accepted);
  const word = (name: string, i: number): string =>
    hash32(streamKey(unit.seed, name, unit.bootedAt), i)
      .toString(16)
      .padStart(8, '0');
  return json(
    asked,
    Array.from({ length: count }, (_, i) => ({
      difficulty: Math.floor(best / (i + 1)),
      job_id: word('job', i).slice(0, 6),
      extranonce2: word('extranonce', i),
      ntime: Math.floor(unit.session.plan.startedAt / 1000) + i * 60,
      nonce: word('nonce', i),
      version_bits: word('bits', i),
    })),
  );
};

export const getLogs: Handler = ({ unit, now }): SimulatedHttpReply => ({
  status: 200,
  headers: {
    'content-type': 'text/plain',
    'content-disposition': 'attachment; filename="bitaxe-logs.txt"',
    ...CORS,
  },
  body: logLines(unit, Math.max(unit.bootedAt, now - 120_000), now).join('\n'),
});

export const getRecovery: Handler = (): SimulatedHttpReply =>
  plain('<!doctype html><html><head><title>AxeOS Recovery</title></head><body><h1>AxeOS Recovery</h1></body></html>');

/** Every OPTIONS of a path that is known. */
export const preflight: Handler = (_: Asked) => plain('');
