/**
 * How recordings name the files of pages: the path behind a file's name. A recording says nowhere whose it is, so each
 * naming is tried in this order until a family knows the machine.
 */
export const NAMINGS: readonly ((name: string) => string)[] = [cgiPath, apiPath];

/**
 * Pages of shell scripts: `system_info` of an Antminer is `/cgi-bin/get_system_info.cgi`, `web_pools` is
 * `/cgi-bin/pools.cgi`, `get_blink_status` is `/cgi-bin/get_blink_status.cgi`, `summary` is `/cgi-bin/summary.cgi`.
 */
function cgiPath(name: string): string {
  const page = name.replace(/^web_/, '');
  return `/cgi-bin/${page === 'system_info' ? 'get_system_info' : page}.cgi`;
}

/** ePIC's pages lie at the root (protocols.md 10), those of chips under other names than their files. */
function apiPath(name: string): string {
  return CHIP_PAGES[name] ?? `/${name}`;
}

const CHIP_PAGES: Readonly<Record<string, string>> = {
  chip_hashrates: '/hashrate',
  chip_clocks: '/clocks',
  chip_voltages: '/voltages',
  chip_temps: '/temps/chip',
};
