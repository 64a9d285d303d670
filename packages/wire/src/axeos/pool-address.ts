import { HeadframeError } from '@headframe/model';

/** A pool's address in its parts: these devices store host and port apart, and the host without a scheme. */
export interface PoolAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Stratum V2, with the public key of the pool's authority where the URL has one. */
  readonly v2: { readonly key: string | null } | null;
}

const PLAIN = ['stratum+tcp', 'stratum', 'tcp'];
const TLS = ['stratum+ssl', 'stratum+tls', 'ssl', 'tls'];
const V2 = ['stratum2+tcp'];

/** @throws HeadframeError `usage/invalid`: a scheme that these devices do not speak, or no port */
export function poolAddress(url: string): PoolAddress {
  const [, scheme = '', host = '', digits = '', key] =
    /^([a-z0-9+]+):\/\/([a-z0-9._-]+):(\d{1,5})(?:\/(\S*))?$/i.exec(url) ?? [];
  const port = Number(digits);
  const kind = scheme.toLowerCase();
  if (host === '' || port < 1 || port > 65_535) {
    throw invalid(`${url} has to be like stratum+tcp://host:port, the port 1 to 65535`);
  }
  if (V2.includes(kind)) return { host, port, tls: false, v2: { key: key === undefined || key === '' ? null : key } };
  if (!PLAIN.includes(kind) && !TLS.includes(kind)) {
    throw invalid(`${scheme} is none of ${[...PLAIN, ...TLS, ...V2].join(', ')}`);
  }
  if (key !== undefined && key !== '') throw invalid(`${url}: nothing may stand behind the port`);
  return { host, port, tls: TLS.includes(kind), v2: null };
}

const invalid = (detail: string): HeadframeError =>
  new HeadframeError('usage/invalid', { detail: `A pool's address does not fit: ${detail}; nothing was sent` });
