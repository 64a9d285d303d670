import { HeadframeError, integer, optional, text } from '@headframe/model';
import { ASIC_PATH, fetchHeard, fetchNetworks, fetchPage } from '@headframe/wire/axeos';
import { columnsOf } from './columns.ts';
import { type Offered, offered, type Span } from './device.ts';

/* What the device has to be fetched: logs, statistics, lists (protocols.md 6.2, 6.5). Nothing is changed by it. */

const seconds = optional(
  integer({ about: 'how long to listen', unit: 's', min: 1, max: 300, source: 'AxeOS WebSocket /api/ws' }),
);
const LISTEN_S = 10;

/** From v2.14 on the log is kept and can be fetched; before it is told only as it is written. */
const downloadLogs = offered({}, { seconds }, ({ release }, { seconds: given }) => {
  if (release >= 14 && given === undefined) return fetchPage('axeos.log', '/api/system/logs');
  const forS = given ?? LISTEN_S;
  return fetchHeard('axeos.log', '/api/ws', forS, [
    `It is listened to for ${forS} s`,
    ...(release <= 9 ? ['Only one can listen: its own page loses the log meanwhile'] : []),
  ]);
});

const live = offered(
  { since: 14 },
  { seconds },
  (_, { seconds: given = LISTEN_S }) => fetchHeard('axeos-live.ndjson', '/api/ws/live', given),
  { does: 'Listens to what changes, one JSON document a line: the whole state first, then the differences' },
);

const statistics = offered(
  { since: 8 },
  {
    columns: optional(
      text({
        about: 'columns, parted by commas; all if left out',
        most: 400,
        pattern: /^\w+(?:,\w+)*$/,
        inWords: 'names parted by commas,',
        source: 'AxeOS GET /api/system/statistics columns, from v2.11 on',
      }),
    ),
  },
  ({ release, info }, { columns }) => {
    if (columns !== undefined && release < 11) {
      throw new HeadframeError('support/unsupported', { detail: 'columns can be chosen from v2.11 on' });
    }
    // A name that it does not know is left out without a word.
    const known = columnsOf(release);
    const unknown = (columns?.split(',') ?? []).filter((name) => !known.includes(name));
    if (unknown.length > 0) {
      const detail = `statistics of this release have no ${unknown.join(', ')} (it has: ${known.join(', ')})`;
      throw new HeadframeError('usage/invalid', { detail });
    }
    const starter = release >= 9 ? 'statsFrequency' : 'statsLimit';
    const notes =
      info.int(starter) === 0 ? [`It records nothing, so there will be no rows: axeos.${starter} starts it`] : [];
    // Commas as they are: before v2.14 encoded ones are not understood.
    const query = columns === undefined ? '' : `?columns=${columns}`;
    return fetchPage('axeos-statistics.json', `/api/system/statistics${query}`, notes);
  },
  { does: 'Fetches what it recorded of itself; times are ms since its start' },
);

const document = (span: Span, name: string, path: string, does: string): Offered =>
  offered(span, {}, () => fetchPage(`axeos-${name}.json`, path), { does });

export const fetchCommands = { downloadLogs } satisfies Record<string, Offered>;

export const ownFetchCommands: Readonly<Record<string, Offered>> = {
  statistics,
  dashboard: document(
    { since: 8, before: 11 },
    'dashboard',
    '/api/system/statistics/dashboard',
    'Fetches the statistics of its start page: hash rate, chip temperature, power, time',
  ),
  asic: document(
    { since: 7 },
    'asic',
    ASIC_PATH,
    'Fetches chip, board, and the clocks and voltages that its page offers',
  ),
  scoreboard: document({ since: 14 }, 'scoreboard', '/api/system/scoreboard', 'Fetches its best shares, up to 20'),
  live,
  'wifi-scan': offered({ since: 6 }, {}, () => fetchNetworks('axeos-wifi.json', '/api/system/wifi/scan'), {
    does: 'Looks which Wi-Fi networks it can hear, at most 20; a device that is not connected stops trying meanwhile',
    takes: 'up to ten seconds',
  }),
};
