export { type ApiSettings, FIRMWARES, type FirmwareName } from './firmwares.ts';
export { type MachineOptions, ShellMachine, type ShellState } from './machine.ts';
export { followingShell, type ServedShell, type ShellOptions, startShell } from './start-shell.ts';
