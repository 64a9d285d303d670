import type { ApiServer } from '@headframe/wire/cgminer-server';
import type { SimulatedHttpRequest } from '../sim/device.ts';
import type { AntminerUnit } from './sim-unit.ts';

/* What a script behind the web page is given and what it gives. */

export interface PageContext {
  readonly unit: AntminerUnit;
  /** The API thread of the mining program: the older scripts pass its replies on. */
  readonly api: () => ApiServer;
}

/** What a script prints; a page of HTML when `html`. */
export interface Printed {
  readonly body: string | Uint8Array;
  readonly html?: true;
  /** Milliseconds until it is printed. */
  readonly afterMs?: number;
  /** The connection is gone before anything was printed. */
  readonly end?: 'reset';
}

export type Script = (page: PageContext, request: SimulatedHttpRequest, now: number) => string | Uint8Array | Printed;

export type Scripts = Readonly<Record<string, Script>>;

/** What the scripts print when they ask a mining program that does not run (protocols.md 1.11). */
export const NO_PROGRAM = 'Socket connect failed: Connection refused\n';

/** A restart of the whole machine takes its web server with it: often there is no reply (protocols.md 2.3). */
export const rebooting = (unit: AntminerUnit): Printed =>
  unit.isOn('reboot-replies') ? { body: '' } : { body: '', end: 'reset' };

/** The address by which the machine was reached is the one that it has. */
const addressOf = (request: SimulatedHttpRequest): string => (request.headers.host ?? '').replace(/:\d+$/, '');

/** The part of get_system_info.cgi that both pages have, in its order. */
export const systemInfo = ({ model, nameplate, network }: AntminerUnit, request: SimulatedHttpRequest) => ({
  minertype: model.type,
  nettype: network.nettype,
  netdevice: 'eth0',
  macaddr: nameplate.mac,
  hostname: network.hostname,
  ipaddress: addressOf(request),
  netmask: network.netmask || '255.255.255.0',
  gateway: network.gateway,
  dnsservers: network.dnsservers,
});

/** get_network_info.cgi. */
export const networkInfo = ({ nameplate, network }: AntminerUnit, request: SimulatedHttpRequest) => ({
  nettype: network.nettype,
  netdevice: 'eth0',
  macaddr: nameplate.mac,
  ipaddress: addressOf(request),
  netmask: network.netmask || '255.255.255.0',
  conf_nettype: network.nettype,
  conf_hostname: network.hostname,
  conf_ipaddress: network.ipaddress,
  conf_netmask: network.netmask,
  conf_gateway: network.gateway,
  conf_dnsservers: network.dnsservers,
});
