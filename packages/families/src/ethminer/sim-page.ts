import { deviceName, scaled } from './sim-detail.ts';
import type { EthminerProcess } from './sim-process.ts';
import { hex32, sensorsOf } from './sim-reads.ts';

/*
 * HTTP on the API's port (protocols.md 5.2; transcript `http`). No password is asked for.
 */

const REQUEST = /^([A-Z]{1,6}) (\/[^ \t\n\v\f\r]*) (HTTP\/1\.[0-9])/;

/** The reply to what begins as a request of HTTP/1.x does, headers or not; null: it does not. */
export function httpReply(process: EthminerProcess, text: string, now: number): string | null {
  const [, method = '', path = '', version = ''] = REQUEST.exec(text) ?? [];
  if (method === '') return null;
  const answer = (status: string, type: string, body: string): string =>
    [
      `${version} ${status}`,
      `Server: ${process.start.plan.release.version}`,
      `Content-Type: ${type}`,
      // Without the line break behind the body.
      `Content-Length: ${body.length}`,
      '',
      body,
      '',
    ].join('\r\n');
  if (method !== 'GET') return answer('405 Method not allowed', 'text/plain', `Method ${method} not allowed`);
  if (path !== '/' && path !== '/getstat1') {
    return answer('404 Not Found', 'text/plain', `The requested resource ${path} not found on this server`);
  }
  return answer('200 Ok Error', 'text/html; charset=utf-8', statusPage(process, now));
}

const STYLE = [
  'body{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Helvetica,Arial,sans-serif;',
  'font-size:16px;line-height:1.5;text-align:center;}',
  'table,td,th{border:1px inset #000;}table{border-spacing:0;}td,th{padding:3px;}',
  'tbody tr:nth-child(even){background-color:#f8f8f8;}tbody tr:nth-child(odd){background-color:#ffffff;}',
  '.mx-auto{margin-left:auto;margin-right:auto;}.bg-header1{background-color:#f0f0f0;}',
  '.bg-header0{background-color:#e8e8e8;}.bg-red{color:#f46542;}.right{text-align: right;}',
].join('');

const LEFT = ['PCI', 'Device', 'Mode', 'Paused'] as const;
const RIGHT = ['Hash Rate', 'Solutions', 'Temp.', 'Fan %', 'Power'] as const;
const left = (text: string): string => `<td>${text}</td>`;
const right = (text: string | number): string => `<td class=right>${text}</td>`;
/** From the value as miner_getstatdetail prints it, cut to 32 bits like there. */
const rate = (hs: number): string => scaled(hs, 1000, ['h', 'Kh', 'Mh', 'Gh', 'Th', 'Ph']);
const printedHs = (hs: number): number => Number.parseInt(hex32(hs), 16);

function statusPage(process: EthminerProcess, now: number): string {
  const { hostName, release, mode } = process.start.plan;
  const runtimeS = process.runtimeS(now);
  const minutes = String(Math.floor((runtimeS % 3600) / 60)).padStart(2, '0');
  const total = { hs: 0, accepted: 0, powerW: 0 };
  const rows = process.listed.map((gpu) => {
    const { accepted, rejected, failed } = gpu.shares(now);
    const { temperatureC, fanPercent, powerW } = sensorsOf(process, gpu, now);
    const hs = printedHs(gpu.rateHs(now));
    total.hs += hs;
    total.accepted += accepted;
    total.powerW += powerW;
    return [
      `<tr${gpu.paused ? ' class="bg-red"' : ''}>`,
      ...[gpu.plan.pci, deviceName(gpu.plan), mode, gpu.paused ? gpu.reasons.join('; ') : 'No'].map(left),
      ...[rate(hs), `A${accepted}:R${rejected}:F${failed}`, temperatureC, fanPercent, powerW.toFixed(2)].map(right),
      '</tr>',
    ].join('');
  });
  return [
    '<!doctype html><html lang=en><head><meta charset=utf-8><meta http-equiv="refresh" content="30">',
    `<title>${hostName}</title><style>${STYLE}</style><meta http-equiv=refresh content=30></head><body>`,
    '<table class=mx-auto><thead><tr class=bg-header1>',
    `<th colspan=9>${release.version} - ${Math.floor(runtimeS / 3600)}:${minutes}`,
    `<br>Pool: ${process.connections.active.uri}</th></tr><tr class=bg-header0>`,
    ...LEFT.map((title) => `<th>${title}</th>`),
    ...RIGHT.map((title) => `<th class=right>${title}</th>`),
    '</tr></thead><tbody>',
    ...rows,
    '</tbody><tfoot><tr class=bg-header0><td colspan=4 class=right>Total</td>',
    `${right(rate(total.hs))}${right(total.accepted)}<td colspan=3 class=right>${total.powerW.toFixed(2)}</td></tfoot>`,
    '</table></body></html>',
  ].join('');
}
