import {
  type Action,
  action,
  file,
  fileSum,
  flag,
  HeadframeError,
  type Links,
  optional,
  type Seen,
  type Step,
  text,
} from '@headframe/model';
import { askCommand, first } from '@headframe/wire/cgminer';
import { pageStep } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { codeVerdict, lenientVerdict } from './cgi-verdicts.ts';
import { firmwareVersion } from './identity.ts';
import { poolsNow } from './running.ts';
import { SYSTEM_INFO_PATH } from './view.ts';
import { readConfig } from './web-config.ts';
import { openPage, type Page, type PageKind, readPage } from './web-page.ts';

/* Firmware and factory settings. */

/** What the documents leave open. */
const ASSUMED = {
  /**
   * The name of the file's field: `firmware`, `datafile` and `file` have all been seen (protocols.md 2.3), and nowhere is
   * said which page has which. The older scripts take whatever single file comes.
   */
  fieldName: { newer: 'firmware', older: 'datafile' } as const satisfies Record<PageKind, string>,
};

const SOURCE = 'Antminer upgrade.cgi';
const MOST_BYTES = 256 * 1024 * 1024;
/** The page writes flash before it answers. */
const FLASHING_MS = 600_000;

export const firmwareCommands = {
  updateFirmware: action(
    {
      file: file({ about: 'firmware file of the maker for this very model', mostBytes: MOST_BYTES, source: SOURCE }),
      sha256: fileSum('the maker’s download page'),
      version: text({
        about: 'version that the machine must show afterwards',
        most: 120,
        source: 'get_system_info.cgi system_filesystem_version, or its date as 2022-12-06',
      }),
      keepSettings: optional(
        flag({ about: 'keeps the settings; on unless given', source: 'Antminer upgrade_clear.cgi' }),
      ),
    },
    async (links, { file: firmware, sha256, version, keepSettings = true }) => {
      const page = await openPage(links);
      if (!keepSettings && page.kind === 'older') {
        const detail =
          'that its older web page can clear the settings while it updates is not documented: factory-reset does';
        throw new HeadframeError('support/unsupported', { request: 'updateFirmware without the settings', detail });
      }
      const is = page.system.str('system_filesystem_version');
      return {
        notes: [
          `It has ${is ?? 'a version that it does not tell'} and must show ${version} afterwards`,
          ...(isVersion([is], version)
            ? ['That is the version it has: whether the file was written cannot be told apart']
            : []),
          ...(keepSettings ? [] : ['Pools, network settings and password are those of the factory afterwards']),
        ],
        steps: [uploadStep(page, firmware, sha256, keepSettings)],
        readBack: {
          looksAt: 'its version (get_system_info.cgi, miner_type.cgi, version)',
          afterMs: 30_000,
          everyMs: 15_000,
          withinMs: 1_200_000,
          restarts: true,
          look: (at) => lookForVersion(at, version),
        },
      };
    },
    {
      takes: 'up to ten minutes',
      lasting: 'a failed update can leave the machine without firmware: keep its power on',
    },
  ),
  factoryReset: action(
    {},
    async (links) => {
      const page = await openPage(links);
      const before = (await readConfig(links)).pools;
      return {
        notes: ['Pools, network settings and password are those of the factory afterwards; it may get another address'],
        steps: [
          pageStep({
            http: { method: 'POST', path: '/cgi-bin/reset_conf.cgi', body: '', replyMs: 60_000 },
            silenceIsFine: true,
            judge: lenientVerdict,
          }),
        ],
        readBack:
          before.length === 0
            ? { never: 'it had no pools that could be seen to be gone' }
            : {
                looksAt: 'its pools, which are no longer what they were',
                afterMs: 10_000,
                everyMs: 10_000,
                withinMs: 300_000,
                restarts: true,
                look: async (at) => {
                  const pools = await poolsNow(at, page.kind);
                  const kept = before.filter((one) =>
                    pools.some(({ url, worker }) => url === one.url && worker === one.worker),
                  );
                  return {
                    done: kept.length === 0,
                    values: { pools: pools.map(({ url, worker }) => ({ url, worker })) },
                  };
                },
              },
      };
    },
    {
      takes: 'some minutes',
      lasting: 'the settings are gone: save them first (antminer.backup on the older web page)',
    },
  ),
} satisfies Record<string, Action>;

function uploadStep(
  { kind }: Page,
  firmware: { readonly name: string; readonly bytes: Uint8Array },
  sha256: string,
  keepSettings: boolean,
): Step {
  // Made from the file's own checksum: the same whenever it is asked for, and not to be found within the file.
  const boundary = `----headframe-${sha256.toLowerCase().slice(0, 32)}`;
  const name = firmware.name.replace(/[^\w.+-]/g, '_');
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${ASSUMED.fieldName[kind]}"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const path = keepSettings ? '/cgi-bin/upgrade.cgi' : '/cgi-bin/upgrade_clear.cgi';
  const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  const step = pageStep({
    http: { method: 'POST', path, headers, body: '', replyMs: FLASHING_MS },
    shownBody: `${head}<${firmware.bytes.length} bytes, SHA-256 ${sha256.toLowerCase()}>\r\n--${boundary}--`.replaceAll(
      '\r',
      '',
    ),
    silenceIsFine: true,
    // The older page answers HTML of which nothing is known; the version that is read back decides.
    judge: kind === 'newer' ? (doc) => codeVerdict(doc) : () => ({ accepted: true }),
  });
  const { shown } = step.request('');
  return {
    ...step,
    request: () => ({
      over: 'http',
      shown,
      http: {
        method: 'POST',
        path,
        headers,
        body: concat([head, firmware.bytes, `\r\n--${boundary}--\r\n`]),
        replyMs: FLASHING_MS,
      },
    }),
  };
}

function concat(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder();
  const pieces = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** As the machine says it, or its date as we say it. */
const isVersion = (said: readonly (string | null)[], wanted: string): boolean =>
  said.some((version) => version !== null && (version === wanted || firmwareVersion(version) === wanted));

/** Without the settings the password is the factory's again: then port 4028 still says its version. */
async function lookForVersion(links: Links, wanted: string): Promise<Seen> {
  const said: (string | null)[] = [];
  let failure: unknown = null;
  try {
    said.push(new Fields(await readPage(links, SYSTEM_INFO_PATH)).str('system_filesystem_version'));
    said.push(new Fields(await readPage(links, '/cgi-bin/miner_type.cgi')).str('fw_version'));
  } catch (thrown) {
    failure = thrown;
  }
  if (!isVersion(said, wanted) && links.cgminer !== undefined) {
    const { doc } = await askCommand(links.cgminer, links.clock, { id: 'version', command: 'version' });
    said.push(first(doc, 'VERSION').str('CompileTime'));
  }
  if (said.every((version) => version === null) && failure !== null) throw failure;
  return { done: isVersion(said, wanted), values: { versions: said.filter((version) => version !== null) } };
}
