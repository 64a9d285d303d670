import { type ConnectClass, HeadframeError, HIGH_CLOSED_PORT, type VantageSeen } from '@headframe/model';
import ipaddr from 'ipaddr.js';
import { MIB, since, sizeInWords } from '../links/limits.ts';
import { askPool } from '../pools/pool-http.ts';
import { cleaned, notSeen } from './exchanges.ts';
import type { Vantage } from './options.ts';

const LIMIT_MS = 30_000;
const MOST_BYTES = MIB;
const MOST_PORTS = 32;
const MOST_IN_LINE = 6;
const PATH = '/api/v1/examinations';
const CLASSES: readonly string[] = ['open', 'refused', 'timed-out', 'unreachable'] satisfies ConnectClass[];

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });

/**
 * The view of another Headframe daemon, which examines the address from where it stands.
 * @param daemonUrl such as `http://10.0.9.5:4280`
 * @throws HeadframeError `usage/invalid`: it is no http or https URL, or holds a password or a query
 */
export function vantageOf(daemonUrl: string): Vantage {
  const url = parseDaemonUrl(daemonUrl);
  const from = url.hostname.replace(/^\[|\]$/g, '');
  return async (address, { clock, deadline }) => {
    if (isThisComputer(address) && !isThisComputer(from)) {
      return notSeen(`${cleaned(address)} would be another machine at ${from}`);
    }
    const at = clock.now();
    const began = performance.now();
    const body = JSON.stringify({ address });
    const headers = { 'content-type': 'application/json' };
    const reply = await askPool({ url, method: 'POST', headers, body }, LIMIT_MS, deadline);
    if ('why' in reply) return notSeen(`the daemon at ${from} ${reply.why}`);
    const seen = readDiagnosis(reply.status, reply.body, from);
    if ('notSeen' in seen) return seen;
    const ms = since(began);
    const bytes = reply.body.length;
    return { value: seen, at, ms, bytes, line: inWords(seen), command: commandOf(url, body) };
  };
}

function parseDaemonUrl(text: string): URL {
  const url = URL.parse(text);
  const shown = cleaned(text.replace(/\/\/[^/@]*@/, '//'), 120);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw invalid(`"${shown}" is not the URL of a Headframe daemon, such as http://10.0.9.5:4280`);
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('The URL of a Headframe daemon holds no user name and no password');
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(`The URL of a Headframe daemon ends before its query, such as ${cleaned(url.origin, 120)}`);
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${PATH}`;
  return url;
}

/** Loopback addresses and their name, with a port or without. */
function isThisComputer(address: string): boolean {
  const host = /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([^:]*):\d+$/, '$1');
  return ipaddr.isValid(host) ? ipaddr.process(host).range() === 'loopback' : /^(?:.*\.)?localhost\.?$/i.test(host);
}

/** What counts of the reply of another program, which may be of any version or none. */
function readDiagnosis(status: number, body: Buffer, from: string): VantageSeen | { readonly notSeen: string } {
  const no = (why: string) => notSeen(`the daemon at ${from} ${why}`);
  if (status !== 200) {
    return no(status === 404 ? 'cannot examine (404): is it a Headframe daemon?' : `answers with status ${status}`);
  }
  if (body.length > MOST_BYTES) return no(`sends more than ${sizeInWords(MOST_BYTES)}`);
  let said: unknown;
  try {
    said = JSON.parse(body.toString('utf8'));
  } catch {
    return no('sends no JSON');
  }
  if (typeof said !== 'object' || said === null) return no('sends no diagnosis');
  const { ports: told, answered } = said as { ports?: unknown; answered?: unknown };
  const ports = readPorts(told);
  if (Object.keys(ports).length === 0 && typeof answered !== 'boolean') return no('sends no diagnosis');
  return { from, ports, answered: typeof answered === 'boolean' ? answered : null };
}

function readPorts(told: unknown): Record<number, ConnectClass> {
  if (typeof told !== 'object' || told === null) return {};
  const known = Object.entries(told).flatMap(([port, is]): [number, ConnectClass][] =>
    /^\d{1,5}$/.test(port) && Number(port) <= 65_535 && CLASSES.includes(is) ? [[Number(port), is]] : [],
  );
  return Object.fromEntries(known.slice(0, MOST_PORTS));
}

/** The ports of the machines' own APIs first. */
const rank = (port: number): number => (port === 4028 ? -2 : port === 80 ? -1 : port === HIGH_CLOSED_PORT ? 1e5 : port);

function inWords({ from, ports, answered }: VantageSeen): string {
  const all = Object.entries(ports)
    .map(([port, is]): [number, ConnectClass] => [Number(port), is])
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([port, is]) => `${port === HIGH_CLOSED_PORT ? 'a high port' : port} ${is}`);
  const more = all.length > MOST_IN_LINE ? [`${all.length - MOST_IN_LINE} more`] : [];
  const sees = all.length === 0 ? 'looked' : `sees ${[...all.slice(0, MOST_IN_LINE), ...more].join(', ')}`;
  const api = answered === null ? '' : `; its API ${answered ? 'answers' : 'does not answer'}`;
  return `${from} ${sees}${api}`;
}

const commandOf = (url: URL, body: string): string =>
  `curl -s -X POST -H 'content-type: application/json' -d '${body}' ${url.href}`;
