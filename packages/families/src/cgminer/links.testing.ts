import { HeadframeError, type Links, type RawReply } from '@headframe/model';
import type { SimulatedDevice } from '../sim/device.ts';

/** A link in memory that keeps what was asked. */
export interface TestLink {
  readonly links: Links;
  /** The `command` of each connection. */
  readonly asked: string[];
  /** Epoch ms, for the test to move. */
  now: number;
}

const commandOf = (request: Uint8Array): string =>
  (JSON.parse(new TextDecoder().decode(request)) as { command: string }).command;

function testLink(now: number, answer: (request: Uint8Array, at: number) => Uint8Array): TestLink {
  const asked: string[] = [];
  const link: TestLink = {
    asked,
    now,
    links: {
      clock: { now: () => link.now },
      cgminer: {
        exchange: async (request): Promise<RawReply> => {
          asked.push(commandOf(request));
          return { bytes: answer(request, link.now), at: link.now, ms: 1, ended: 'fin' };
        },
      },
    },
  };
  return link;
}

/** A machine that has these replies by command, joins included, and answers 14 to the rest. */
export function fixtureLink(replies: Readonly<Record<string, unknown>>, now: number): TestLink {
  const unknown = { STATUS: [{ STATUS: 'E', When: 0, Code: 14, Msg: 'Invalid command' }], id: 1 };
  return testLink(now, (request) => {
    const names = commandOf(request).split('+');
    const slots = names.map((name): [string, unknown] => [name, [replies[name] ?? unknown]]);
    const [only = ''] = names;
    const body = names.length === 1 ? (replies[only] ?? unknown) : { ...Object.fromEntries(slots), id: 1 };
    return new TextEncoder().encode(`${JSON.stringify(body)}\0`);
  });
}

/** The simulated device itself, without sockets. */
export function simulatedLink(device: SimulatedDevice, now: number, peer = '127.0.0.1'): TestLink {
  return testLink(now, (request, at) => {
    const port = device.cgminer;
    if (port === undefined || !device.listening('cgminer', at)) throw new HeadframeError('link/refused');
    if (!port.admits({ address: peer })) return new Uint8Array(0);
    const { chunks } = port.receive(request, { address: peer }, at);
    return chunks[0]?.bytes ?? new Uint8Array(0);
  });
}
