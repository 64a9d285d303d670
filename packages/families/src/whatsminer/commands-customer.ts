import { type Action, action, choice, HeadframeError, type Links, type Prepared, text } from '@headframe/model';
import { dataIn, envelope } from '@headframe/wire/whatsminer';
import { fetched } from './fetched.ts';
import { AT_ONCE, framed, framedMsg, picked, shows } from './looks.ts';
import { acceptedOr, saySealed } from './sealed.ts';
import { doorFor, through } from './through.ts';
import type { Token } from './token.ts';

/* The texts that a customer may leave in a machine. */

const KEYS = ['CustomerSn', ...Array.from({ length: 10 }, (_, i) => `msg${i}`)] as [string, ...string[]];
const MOST_VALUE_BYTES = 127;

const setCustomerMsg: Action = action(
  {
    key: choice(KEYS, { about: 'which of the texts', source: 'WhatsMiner set_customer_msg, set.device.custom_data' }),
    value: text({
      about: 'a text that the machine keeps',
      most: MOST_VALUE_BYTES,
      source: 'WhatsMiner set_customer_msg: under 128',
    }),
  },
  (links, { key, value }) =>
    through(links, 'whatsminer.set_customer_msg', {
      v2: () => ({
        commands: [{ cmd: 'set_customer_msg', fields: { key, val: value } }],
        notes: [
          'How get_customer_msg answers is not documented: what comes is looked at as its twin of port 4433 answers',
        ],
        readBack: (token) =>
          shows(
            'get_customer_msg',
            AT_ONCE,
            async (at) => picked(dataIn(await customerMessages(at, token)), [key]),
            (values) => values[key] === value,
          ),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.device.custom_data', param: { key, value } }],
        readBack: shows(
          'get.device.custom_data',
          AT_ONCE,
          async (at) => picked(await framed(at, 'get.device.custom_data'), [key]),
          (values) => values[key] === value,
        ),
      }),
    }),
  { does: "Writes one of the customer's own texts" },
);

async function customerMessages({ cgminer }: Links, token: Token): Promise<unknown> {
  const cmd = 'get_customer_msg';
  if (cgminer === undefined) throw new HeadframeError('link/refused', { request: cmd });
  const reply = await saySealed(cgminer, token, { cmd });
  const { accepted, vendorCode = '', vendorText = '' } = acceptedOr(reply, cmd);
  if (!accepted) throw new HeadframeError('device/refused', { request: cmd, vendorCode, vendorText });
  return reply.doc;
}

/** Listed among the writable commands, as it wants a token; it only reads (protocols.md 3.3). */
const getCustomerMsg: Action = action(
  {},
  async (links): Promise<Prepared> => {
    const readBack = { never: 'it is read, not changed' };
    // Port 4433 tells them to everybody.
    const isFree = links.credentials == null && links.whatsminer !== undefined;
    const door = isFree ? null : doorFor(links, { v2: true, v3: true }, 'get_customer_msg');
    if (door?.name !== 'v2') {
      return {
        steps: [],
        readBack,
        download: async (at) => fetched('customer-msg.json', await framedMsg(at, 'get.device.custom_data')),
      };
    }
    return {
      session: door.token.session(door.link),
      steps: [],
      readBack,
      download: async (at) => fetched('customer-msg.json', envelope(await customerMessages(at, door.token)).msg),
    };
  },
  { does: "Reads the customer's own texts" },
);

export const CUSTOMER_OWN: Readonly<Record<string, Action>> = {
  set_customer_msg: setCustomerMsg,
  get_customer_msg: getCustomerMsg,
};
