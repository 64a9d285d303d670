import { CONDITIONS } from '../sim/conditions.ts';

/** The password of a machine on which somebody set one. */
export const OWN_PASSWORD = 'letmein';

export const QUIRKS = {
  ...CONDITIONS,
  'no-pools': { does: 'It came up without a pool group', on: false },
  'own-password': { does: `Somebody set a password for root: ${OWN_PASSWORD}`, on: false },
  unlicensed: { does: 'It reaches no licence server: no licence, and restricted after an hour', on: false },
  'newer-firmware': {
    does: 'Replies hold values of enumerations and fields that no published contract has',
    on: false,
  },
  'token-in-header': { does: 'The token of a login comes in a header of the reply alone, as before 24.04', on: false },
  'tokens-short-lived': { does: 'A token lives 2 s, serves 5 calls and is not renewed by use', on: false },
  'endless-status-stream': { does: 'A stream of the status sends without a pause', on: false },
  'goaway-in-stream': { does: 'The connection goes away behind the first message of a stream', on: false },
  'rst-in-stream': { does: 'A stream is reset behind its first message', on: false },
  'wrong-types': {
    does: 'A field of every gRPC reply but that of a login has another wire type than the contract',
    on: false,
  },
} as const;

type Quirk = keyof typeof QUIRKS;

export type HasQuirk = (quirk: Quirk) => boolean;
