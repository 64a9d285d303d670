import type { Explanation } from './explanation.ts';

/* What the peers do to machines in another way than we do, or with another result. */

const OLD_PAGE = ['antminer/s9', 'antminer/s17-pro'];
const NEW_PAGE = ['antminer/s19-pro', 'antminer/s19k-pro', 'antminer/s21', 'antminer/s21-hyd', 'antminer/l7'];
const ANTMINERS = [...OLD_PAGE, ...NEW_PAGE];

const A_SERIES = ['avalon/a1346', 'avalon/a1246'];
const WITH_SOFT_OFF = ['avalon/q', 'avalon/mini-3', ...A_SERIES];

const NO_REPLY =
  'it takes a connection that is dropped without an answer for a failure; the machine restarted, which we looked for and found';

export const CONTROLS_EXPLAINED: readonly Explanation[] = [
  {
    peers: ['pyasic_rs'],
    machines: OLD_PAGE,
    fields: ['do:set_fault_light true', 'do:set_fault_light false'],
    kind: 'fault',
    why: 'it sends the JSON of the newer page; the older one takes a form (action=startBlink) and says nothing to the rest',
    paragraph: '2.4 (blink.cgi)',
    cite: { by: 'peer', request: 'POST /cgi-bin/blink.cgi {"blink"', reply: '200 ' },
  },
  {
    peers: ['pyasic_rs'],
    machines: OLD_PAGE,
    fields: ['do:set_pools_config'],
    kind: 'fault',
    why: 'it sends the JSON of the newer page; the older one takes a form by position, and what is sent becomes the URL of the first pool. It reports a failure, and the machine mines for nobody',
    paragraph: '2.4 (set_miner_conf.cgi takes form data by position)',
    cite: { by: 'peer', request: 'POST /cgi-bin/set_miner_conf.cgi {', reply: 'ok' },
  },
  {
    peers: ['pyasic'],
    machines: ['antminer/s17-pro'],
    fields: ['do:send_config'],
    kind: 'fault',
    why: 'it wants JSON for an answer, and the page prints ok: the pools are set, and pyasic reports a failure',
    paragraph: '2.4 (prints ok)',
    cite: { by: 'peer', request: 'POST /cgi-bin/set_miner_conf.cgi _ant_', reply: 'ok' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ['antminer/s21', 'antminer/s21-hyd'],
    fields: ['do:set_pools_config'],
    kind: 'meaning',
    why: 'to newer firmware it sends URLs without their scheme, and the machine keeps what it is given; we send them as they were written',
    paragraph: '2.3 (pools[url, user, pass])',
    cite: { by: 'peer', request: '"url":"one.example.com:3333"', reply: 'M000' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ['antminer/s21'],
    fields: ['do:set_fan_config'],
    kind: 'fault',
    why: 'to newer firmware it sends the two keys of the fan alone, where the whole configuration has to be sent back; what the page says to that it does not read',
    paragraph: '2.3 (whole config must be sent back; errors M001.., M100...)',
    cite: { by: 'peer', request: '{"bitmain-fan-ctrl":true,"bitmain-fan-pwm":"70"}', reply: '"error"' },
  },
  {
    peers: ['pyasic'],
    machines: ['antminer/s17-pro'],
    fields: ['do:reboot'],
    kind: 'fault',
    why: NO_REPLY,
    paragraph: '2.4 (reboot.cgi), 13 rule 5',
    cite: { by: 'peer', request: 'GET /cgi-bin/reboot.cgi', reply: '[reset]' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ANTMINERS,
    fields: ['do:restart'],
    kind: 'fault',
    why: NO_REPLY,
    paragraph: '2.3 (reboot.cgi: often no reply), 13 rule 5',
    cite: { by: 'peer', request: 'POST /cgi-bin/reboot.cgi', reply: '[reset]' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ANTMINERS,
    fields: ['do:factory_reset'],
    kind: 'fault',
    why: NO_REPLY,
    paragraph: '2.3 (reset_conf.cgi), 13 rule 5',
    cite: { by: 'peer', request: 'POST /cgi-bin/reset_conf.cgi', reply: '[reset]' },
  },
  {
    peers: ['pyasic'],
    machines: WITH_SOFT_OFF,
    fields: ['back:stop_mining'],
    kind: 'fault',
    why: 'it says of every Avalon that it mines, also of one that was switched off: that is its default, and it does not look',
    paragraph: '4 (SYSTEMSTATU: In Work, In Idle, In Init)',
    cite: { by: 'peer', request: 'estats', reply: 'Work: In Idle' },
  },
  {
    peers: ['pyasic_rs'],
    machines: WITH_SOFT_OFF,
    fields: ['do:pause'],
    kind: 'fault',
    why: 'it takes an answer of severity I for a failure; code 118 is how an Avalon says yes, and it pauses',
    paragraph: '4 (118 is success for most opcodes)',
    cite: { by: 'peer', request: '0,softoff,1:', reply: '"Code":118,"Msg":"ASC 0 set info: success softoff' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ['avalon/q', 'avalon/mini-3'],
    fields: ['do:resume'],
    kind: 'fault',
    why: 'it takes an answer of severity I for a failure; code 118 is how an Avalon says yes, and it hashes again',
    paragraph: '4 (118 is success for most opcodes)',
    cite: { by: 'peer', request: '0,softon,1:', reply: '"Code":118,"Msg":"ASC 0 set info: success softon' },
  },
  {
    peers: ['pyasic'],
    machines: A_SERIES,
    fields: ['do:resume_mining'],
    kind: 'fault',
    why: 'it takes a connection that is closed without a reply for a failure; some Avalons answer softon so, and hash again',
    paragraph: '4 (several opcodes close the connection without a reply)',
    cite: { by: 'peer', request: '0,softon,1:', reply: '' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ['avalon/mini-3', 'avalon/nano-3s', 'avalon/nano-3', ...A_SERIES],
    fields: ['do:restart'],
    kind: 'fault',
    why: 'it wants a list under STATUS; to restart, cgminer answers with a word there, and restarts',
    paragraph: '1.3 (restart answers RESTART likewise)',
    cite: { by: 'peer', request: '"restart"', reply: '{"STATUS":"RESTART","id":1}' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ['luxos/s19k-pro', 'luxos/s19j-pro'],
    fields: ['do:set_pools_config'],
    kind: 'limit',
    why: 'it empties the list by removing every group of pools, the default one as well, which the simulated machine refuses (assumed: no document says what a real one does); we add the new pools and then remove the old ones',
    paragraph: '8 (addgroup / removegroup)',
    cite: { by: 'peer', request: '"removegroup","parameter":"0"', reply: '"STATUS":"E"' },
  },
  {
    peers: ['pyasic'],
    machines: ['luxos/s19k-pro', 'luxos/s19j-pro'],
    fields: ['back:stop_mining'],
    kind: 'fault',
    why: 'it says of every LuxOS that it mines, also of one that was sent to sleep: that is its default, and it does not look',
    paragraph: '8 (curtail)',
    cite: { by: 'peer', request: 'config', reply: '"CurtailMode":"Sleep"' },
  },
  {
    peers: ['pyasic_rs'],
    machines: ['luxos/s19k-pro', 'luxos/s19j-pro'],
    fields: ['back:pause'],
    kind: 'fault',
    why: 'it says of a machine that was sent to sleep that it mines, though it gets the reply that says otherwise',
    paragraph: '8 (curtail)',
    cite: { by: 'peer', request: 'config', reply: '"CurtailMode":"Sleep"' },
  },
];
