import type { Explanation } from './explanation.ts';

/* DCENT_OS: neither peer hears anything of it, and neither has a client for it. */

export const DCENT_EXPLAINED: readonly Explanation[] = [
  {
    peers: ['pyasic', 'pyasic_rs'],
    machines: ['dcent/s9', 'dcent/s19j-pro'],
    fields: ['make', 'model', 'firmware'],
    kind: 'limit',
    why: 'it asks without a LF and keeps its side open until it gives up, after 3 s and 5 s: the machine has the request only then, if at all, and its web page is not simulated. The LF is what we send',
    paragraph: '9 (a client that sends no LF and keeps its side open waits 5 s)',
    cite: { by: 'ours', request: '{"command":"version"}\n', reply: '"DCENTOS":"0.9.0"' },
  },
];
