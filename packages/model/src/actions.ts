/**
 * What can be done to a machine: one name everywhere, `setPowerLimit` in code, `set-power-limit` on the command line
 * and in REST. What a machine can do is a function that is present ({@link Family.actions}), never a flag beside it.
 */
export interface ActionKind {
  /** What it does, as a sentence for help texts and previews. */
  readonly does: string;
  /** What it does to hashing while it runs: nothing, a short interruption, or a stop until it is undone. */
  readonly hashing: 'unchanged' | 'interrupted' | 'stopped';
}

/** The common vocabulary. A family fills as much of it as its firmware can. */
export const ACTIONS = {
  setPools: { does: 'Replaces the whole pool list', hashing: 'interrupted' },
  switchPool: { does: 'Makes a pool the preferred one', hashing: 'unchanged' },
  addPool: { does: 'Adds a pool to the list', hashing: 'unchanged' },
  removePool: { does: 'Takes a pool out of the list', hashing: 'unchanged' },
  enablePool: { does: 'Lets a pool be used', hashing: 'unchanged' },
  disablePool: { does: 'Keeps a pool in the list and does not use it', hashing: 'unchanged' },
  restartMiner: { does: 'Restarts the mining program, not the machine', hashing: 'interrupted' },
  reboot: { does: 'Restarts the whole machine', hashing: 'interrupted' },
  pause: { does: 'Stops hashing until it is resumed', hashing: 'stopped' },
  resume: { does: 'Hashes again after a pause', hashing: 'unchanged' },
  locate: { does: 'Blinks the light of the machine', hashing: 'unchanged' },
  setPowerLimit: { does: 'Limits the power draw, in watts', hashing: 'interrupted' },
  setPowerPercent: { does: 'Sets the power as a share of the nominal power', hashing: 'interrupted' },
  setPowerMode: { does: 'Chooses one of the power modes of the machine', hashing: 'interrupted' },
  setFrequency: { does: 'Sets the clock of the chips', hashing: 'interrupted' },
  setVoltage: { does: 'Sets the voltage of the hashboards', hashing: 'interrupted' },
  setProfile: { does: 'Chooses a tuning profile', hashing: 'interrupted' },
  setFan: { does: 'Sets the fan speed or gives it back to the firmware', hashing: 'unchanged' },
  setTemperatureTarget: { does: 'Sets the temperature that the cooling holds', hashing: 'unchanged' },
  enableHashboard: { does: 'Switches a hashboard on', hashing: 'interrupted' },
  disableHashboard: { does: 'Switches a hashboard off', hashing: 'interrupted' },
  setNetwork: { does: 'Changes the network settings', hashing: 'interrupted' },
  setHostname: { does: 'Changes the host name', hashing: 'unchanged' },
  setTimeZone: { does: 'Changes the time zone', hashing: 'unchanged' },
  setPassword: { does: 'Changes the password of the machine', hashing: 'unchanged' },
  setLogServer: { does: 'Sends the log to a server', hashing: 'unchanged' },
  downloadLogs: { does: 'Fetches the log', hashing: 'unchanged' },
  updateFirmware: { does: 'Installs a firmware file', hashing: 'interrupted' },
  factoryReset: { does: 'Puts everything back to what the factory set', hashing: 'interrupted' },
} as const satisfies Record<string, ActionKind>;

export type ActionName = keyof typeof ACTIONS;
