import { type CredentialSource, type Credentials, type ExtraPorts, type Found, scan } from '@headframe/client';
import type { ScanEvent, Scanner, Target } from '../ports.ts';

export interface ClientScannerOptions {
  readonly credentials?: Credentials | CredentialSource;
  /** Ports to ask beside those of the families. */
  readonly ports: ExtraPorts;
}

/** Finds machines with the client library. */
export function clientScanner({ credentials, ports }: ClientScannerOptions): Scanner {
  return {
    async *scan(ranges, { signal, onProgress }) {
      const options = {
        signal,
        ports,
        ...(credentials === undefined ? {} : { credentials }),
        onProgress: ({ done, addresses }: { done: number; addresses: number }) => onProgress(done, addresses),
      };
      for await (const found of scan(ranges, options)) yield eventOf(found);
    },
  };
}

/** What a find means to the daemon. Pure. */
export function eventOf(found: Found): ScanEvent {
  const target = targetOf(found);
  if (found.kind === 'miner') return { kind: 'miner', target };
  if (found.kind === 'needs-credentials') {
    return { kind: 'needs-credentials', target: found.family === null ? null : target };
  }
  const port = found.kind === 'unknown' ? garbledPort(found) : null;
  return port === null
    ? { kind: 'other-device' }
    : { kind: 'unreadable', target: { ...target, ports: { cgminer: port } } };
}

function targetOf({ host, ports, family, identity }: Found): Target {
  const { make = null, model = null, firmware = null } = identity ?? {};
  return {
    address: host,
    ports,
    family,
    ...(make === null ? {} : { make }),
    ...(model === null ? {} : { model }),
    ...(firmware === null ? {} : { firmware }),
  };
}

/** The port where cgminer's commands got an answer that nobody can read, and no web page either. */
function garbledPort({ evidence }: Found): number | null {
  const garbled = evidence.find(
    ({ over, code, said }) => over === 'cgminer' && said !== null && code?.startsWith('protocol/') === true,
  );
  if (garbled === undefined) return null;
  const isWeb = evidence.some(({ over, code, port }) => over === 'http' && code === null && port === garbled.port);
  return isWeb ? null : garbled.port;
}
