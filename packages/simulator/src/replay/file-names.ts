/**
 * The path of a page from the name of its capture, as far as names tell:
 * `system_info` of an Antminer is `/cgi-bin/get_system_info.cgi`, `web_pools` is `/cgi-bin/pools.cgi`, `get_blink_status`
 * is `/cgi-bin/get_blink_status.cgi`, `summary` is `/cgi-bin/summary.cgi`.
 */
export function pathOf(name: string): string {
  const page = name.replace(/^web_/, '');
  return `/cgi-bin/${page === 'system_info' ? 'get_system_info' : page}.cgi`;
}
