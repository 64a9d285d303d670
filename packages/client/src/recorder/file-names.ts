import type { Protocol } from '@headframe/model';

/**
 * `healthchipget|0` is kept as `healthchipget_0`, a method of JSON-RPC under its name, `get.device.info` of a frame as
 * `get_device_info`, a method of gRPC as `grpc_MinerService.GetMinerStats`, `/cgi-bin/get_system_info.cgi` as
 * `system_info`, other pages as `web_summary`, `web_api-v1-miner-stats`, `web_graphql-miner`.
 */
export function fileNameOf(over: Protocol, ask: string): string {
  if (over === 'cgminer') return safe(ask.replace('|', '_'));
  if (over === 'ethminer') return safe(ask);
  if (over === 'whatsminer') return safe(ask.replaceAll('.', '_'));
  if (over === 'grpc') return safe(`grpc_${ask.replace(/^[\w.]*\.(?=\w+\/)/, '').replace('/', '.')}`);
  const page = ask.replace(/^\/cgi-bin\//, '').replace(/\.cgi$/, '');
  if (page === 'get_system_info') return 'system_info';
  return safe(page.startsWith('get_') ? page : `web_${page.replace(/^\//, '') || 'index'}`);
}

const safe = (name: string): string => name.replace(/[^\w.,+-]/g, '-').slice(0, 100);
