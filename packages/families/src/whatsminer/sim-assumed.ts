/**
 * What protocols.md 3 and the manual leave open and a simulated WhatsMiner must nevertheless decide. Each line is an
 * assumption, marked *3p* where a public client, its logs or its notes say so. A client that relies on one is wrong.
 */
export const ASSUMED = {
  /** Times, ms: power to the open ports; to the start of btminer; a reboot's way down; btminer's restart. */
  portsMs: 25_000,
  btminerMs: 45_000,
  shutdownMs: 5_000,
  restartMs: 8_000,
  /** From the start of btminer to the first hashes, and from there to a stable hashrate, s; the ramp of fast boot. */
  detectS: 30,
  rampS: 300,
  /** 85 % of the power within 10 s, say the vendor's pages of the newer API. */
  fastBootRampS: 10,
  /** How fast set_power_pct and set_power_pct_v2 work, s: "within a second" and "minutes", says the manual. */
  fastPercentS: 1,
  gentlePercentS: 180,
  /** A percentage below this is not stable on this unit: it restarts by itself after so long. */
  leastStablePercent: 40,
  unstableMs: 60_000,
  /** Without respbefore, power_off answers when the boards have no power any more. */
  powerOffMs: 3_000,
  /** What a part of normal power the modes make of the frequency. */
  modeFactors: { low: 0.82, normal: 1, high: 1.12 },
  /** The longest request that one `recv` takes, and the largest file that is taken as firmware. */
  requestBytes: 8192,
  firmwareBytes: 64 << 20,
  /** Bytes before a connection is given up that waits for a file: the 10 s of every connection (3.1). */
  uploadIdleMs: 10_000,
  /** How long firmware is written before it is answered, and from the answer to the reboot. */
  flashMs: 2_000,
  rebootAfterFlashMs: 1_000,
  /** How far `ts` of a write on port 4433 may be from the device's clock, s. That it is compared at all is assumed. */
  tsSkewS: 600,
  /** The unit of `timeout` in the reply of get_token; it is printed nowhere (3.2). */
  timeoutUnitMs: 1_000,
  /** An error in the sealed text, or one sealed with another key (3p: it means a wrong password). */
  notReadable: { code: 23, msg: 'enc json load err' },
  /** A write that was not sealed. */
  notSealed: { code: 45, msg: "can't access write cmd" },
  /** base64 that is none: only the number is known. */
  notBase64: { code: 137, msg: 'base64 decode err' },
  /** A join of more than two, or of what cannot be joined. */
  notJoinable: { code: 14, msg: 'invalid cmd' },
  /** A parameter that is missing or no number; one out of its range, or for another kind of cooling. */
  badParameter: { code: 14, msg: 'invalid cmd' },
  outOfRange: { code: 132, msg: 'API command ERROR' },
  /** What the older daemon passes on while btminer does not run (3p). */
  noBtminerText: 'Socket connect failed: Connection refused\n',
  /** And a newer one. */
  noBtminer: { code: 132, msg: 'API command ERROR' },
  /** Why mining is off, in `mineroff_reason`; what `ledstat` and `ledstatus` say when the LEDs blink by hand. */
  offReason: 'power_off',
  ledByHand: 'manual',
  /** `Updated` is one of the seen texts (3.5). */
  flashed: 'Updated',
  /** api_ver of a machine that has the V2.2 manual's commands and port 4433. */
  newestApi: '2.2.0',
  /** Commands that came with api_ver 2.0.5, and reads that came with 2.0.1 (3p). */
  since205: [
    'set_power_pct_v2',
    'set_temp_offset',
    'adjust_power_limit',
    'adjust_upfreq_speed',
    'set_poweroff_cool',
    'set_fan_zero_speed',
  ],
  since201: ['get_miner_info', 'get_error_code'],
  /** Texts of port 4433: the words of its table of codes. `no permission` is the vendor's own. */
  v3Texts: {
    [-1]: 'fail',
    [-2]: 'invalid command',
    [-3]: 'invalid json item',
    [-4]: 'no permission',
    [-5]: 'out of memory',
  },
  /** The heartbeat is sent back. */
  heartbeatEchoed: true,
  /** How often the miner's history has a line, s. */
  historyStepS: 300,
  /** The longest text of a pool, a name or a message that is kept. */
  mostCharacters: 256,
} as const;

/*
 * And without a number: power_off and set_power_pct are forgotten at a reboot; the newer daemons go on answering with
 * zeros while mining is off, the older one has nobody to ask then; reads on 4028 look at no token, sealed or not; 45, 135,
 * 136, 137 and 23 come in clear, everything else as it was asked; a token is bound to no address; reboot, factory_reset
 * and net_config close without a reply; a static address is shown and not taken, the machine stays where it was reached;
 * a hashboard that is not found has no record; the older daemon passes joins on to a cgminer, which takes any number
 * (3p: a client that joins three reads such machines); password rules of port 4433 are those of 4028 with 32 letters
 * instead of 8; the passwords of user1 to user3 are their names, and they may do nothing, until `super` says otherwise;
 * with the passwords of the factory no write is taken on 4433 either; what btminer cannot answer is -1 there.
 */
