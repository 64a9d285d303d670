import type { Peer, SimulatedFeed, SimulatedHttpReply, SimulatedHttpRequest } from './device.ts';

/*
 * What the web server of ESP-IDF does for every program on it: AxeOS and the firmware of the NerdQAxe family.
 */

/** A reply of `httpd_resp_send_err`: the reason in the status line, the text as the body, `text/html`. */
export const espError = (
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): SimulatedHttpReply => ({ status, headers: { 'content-type': 'text/html', ...headers }, body: text });

export const METHOD_NOT_ALLOWED = espError(405, 'Specified method is invalid for this resource');
export const URI_TOO_LONG = espError(414, 'URI is too long');
/** `httpd_resp_set_status("302 Temporary Redirect")` of both firmwares (protocols.md 6.1). */
export const CAPTIVE_PORTAL: SimulatedHttpReply = {
  status: 302,
  headers: { 'content-type': 'text/html', location: '/' },
  body: 'Redirect to the captive portal',
};

/** Path and query of a request target. */
export function targetOf(request: SimulatedHttpRequest): { readonly path: string; readonly query: string } {
  const [path = '/', ...rest] = request.path.split('?');
  return { path, query: rest.join('?') };
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Whether a dotted address is in one of the three ranges of RFC 1918. */
export function isPrivateIpv4(address: string): boolean {
  const octets = IPV4.exec(address)?.slice(1).map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255)) return false;
  const [a = 0, b = 0] = octets;
  return a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}

/**
 * Whether the host of an Origin counts as the private network. A port behind the address makes it none on a real device;
 * loopback counts with one, as a simulated device often has a stand-in for port 80.
 */
export const isPrivateOrigin = (host: string, loopbackCounts: boolean): boolean =>
  isPrivateIpv4(host) || (loopbackCounts && /^127(\.\d{1,3}){3}(:\d{1,5})?$/.test(host));

/**
 * Whether the peer counts as the private network. A real device refuses loopback, but nobody reaches a simulated one over
 * anything else: loopback counts unless told otherwise.
 */
export function isPrivatePeer(peer: Peer, loopbackCounts: boolean): boolean {
  const address = peer.address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (address === '::1' || (address.startsWith('127.') && IPV4.test(address))) return loopbackCounts;
  return isPrivateIpv4(address);
}

/** A handshake that is granted, and then the bytes of an HTTP error where frames belong (protocols.md 6.2). */
export interface RefusedFeed extends SimulatedFeed {
  readonly insteadOfFrames: Uint8Array;
}

/** How a WebSocket is refused by a handler that is called only after the handshake. */
export function refusedFeed({ status, headers, body }: SimulatedHttpReply, reason: string): RefusedFeed {
  const utf8 = new TextEncoder();
  const bytes = typeof body === 'string' ? utf8.encode(body) : body;
  const lines = Object.entries({ ...headers, 'content-length': String(bytes.length) }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  );
  const head = utf8.encode(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return { everyMs: 0, next: () => null, insteadOfFrames: all };
}

let crcTable: Uint32Array | undefined;

function crc32(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A gzip file of one stored block (RFC 1951, RFC 1952), for at most 65535 bytes: static files leave the device as gzip. */
export function gzipStored(text: string): Uint8Array {
  const data = new TextEncoder().encode(text);
  const out = new Uint8Array(10 + 5 + data.length + 8);
  const view = new DataView(out.buffer);
  out.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1]);
  view.setUint16(11, data.length, true);
  view.setUint16(13, ~data.length & 0xffff, true);
  out.set(data, 15);
  view.setUint32(15 + data.length, crc32(data), true);
  view.setUint32(19 + data.length, data.length, true);
  return out;
}

/** The page that a simulated device shows in place of the firmware's own, which is not ours to give. */
export const staticPage = (title: string): SimulatedHttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/html', 'content-encoding': 'gzip' },
  body: gzipStored(
    `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head>` +
      `<body><h1>${title}</h1><p>A simulated device. <a href="/api/system/info">/api/system/info</a></p></body></html>\n`,
  ),
});
