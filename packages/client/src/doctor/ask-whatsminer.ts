import type { Look } from '@headframe/model';
import { askFrames, dataIn } from '@headframe/wire/whatsminer';
import { tcpLink } from '../links/tcp-link.ts';
import type { Requests } from './again.ts';
import { sendCommand } from './ask-cgminer.ts';
import { type Asking, type Heard, turn } from './asking.ts';
import { notSeen, typed } from './exchanges.ts';

export type WhatsminerSeen = Look<{ readonly tokenGiven: boolean; readonly writes: boolean | null }>;

const INFO = 'get.device.info';

/**
 * Whether a token is given on 4028, and whether the write switch is on, which only port 4433 tells without a write
 * (`apiswitch` of `get.device.info`, protocols.md 3.6). Neither the token's parts nor the salt are kept.
 * @param newer the port 4433 where it is open, else null
 */
export async function askWhatsminer(
  asking: Asking,
  port: number,
  newer: number | null,
  requests: Requests,
  heard: Heard,
): Promise<WhatsminerSeen> {
  const { host, dial } = asking;
  if (requests.isOver && newer === null) return notSeen('its API does not answer');
  const token = requests.isOver ? null : await turn(asking, () => sendCommand(asking, port, 'get_token'));
  const info =
    newer === null
      ? undefined
      : (await turn(asking, () => askFrames(tcpLink(dial, newer), dial.clock, [{ id: INFO, cmd: INFO }]))).get(INFO);
  if (info !== undefined && requests.isOver) heard.set(INFO, info);
  const last = info ?? token;
  if (last === null || last === undefined) return notSeen('its API does not answer');
  const tokenGiven = token !== null && token.error === null && dataIn(token.doc).has('newsalt');
  const writes = info === undefined ? null : dataIn(info.doc).sub('system').bool('apiswitch');
  const told = writes === null ? 'not told' : writes ? 'on' : 'off';
  const refusal = token?.error?.context.vendorCode;
  const why = tokenGiven || refusal === undefined ? '' : ` (code ${refusal})`;
  return {
    value: { tokenGiven, writes },
    at: last.meta.at,
    ms: last.meta.ms,
    bytes: last.meta.bytes,
    line: `WhatsMiner: a token is ${tokenGiven ? 'given' : `not given${why}`}, the write switch is ${told}`,
    command: typed.cgminer(host, port, 'get_token'),
  };
}
