import type { Download, Links, Prepared } from '@headframe/model';
import { Fields, parseLenient } from '../json/index.ts';
import { bytesOf } from './ask.ts';
import { asLines, listen } from './listen.ts';
import { securityWord, signalWord } from './wifi.ts';

/* What is fetched, and changes nothing. */

export const fetching = (
  name: string,
  bytes: (links: Links) => Promise<Uint8Array>,
  notes: readonly string[] = [],
): Prepared => ({
  ...(notes.length === 0 ? {} : { notes }),
  steps: [],
  readBack: { never: 'it is read, not changed' },
  download: async (links): Promise<Download> => ({ name, bytes: await bytes(links) }),
});

/** A page as it is. */
export const fetchPage = (name: string, path: string, notes: readonly string[] = []): Prepared =>
  fetching(name, (links) => bytesOf(links, path), notes);

/** A WebSocket, heard for so long, a message a line. */
export const fetchHeard = (name: string, path: string, forS: number, notes: readonly string[] = []): Prepared =>
  fetching(name, async (links) => asLines(await listen(links, path, forS * 1000)), notes);

/** It looks around for up to ten seconds; 500 while another does (protocols.md 6.5). */
const SCAN_MS = 30_000;
const MOST_NETWORKS = 100;

/** The Wi-Fi networks that it hears, with the words of the vendor's scales beside the numbers. */
export const fetchNetworks = (name: string, path: string): Prepared =>
  fetching(name, async (links) => {
    const found = new Fields(parseLenient(await bytesOf(links, path, SCAN_MS)).value);
    const networks = found
      .list('networks')
      .slice(0, MOST_NETWORKS)
      .map((value) => {
        const network = new Fields(value);
        const [rssi, authmode] = [network.num('rssi'), network.int('authmode')];
        return {
          ssid: network.str('ssid'),
          rssi,
          signal: rssi === null ? null : signalWord(rssi),
          authmode,
          security: authmode === null ? null : securityWord(authmode),
        };
      });
    return new TextEncoder().encode(`${JSON.stringify({ networks }, null, 2)}\n`);
  });
