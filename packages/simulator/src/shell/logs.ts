import type { Firmware } from './firmwares.ts';
import type { ShellMachine } from './machine.ts';

/*
 * What the logs of a machine say. The lines of cgminer about its API are those of its source (api.c); the document (T-19)
 * has the other wording, which programs of other makers are taken to use.
 */

const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** What the mining program writes when it starts. */
export function minerLines(
  { program, apiPort, config }: Firmware,
  at: number,
  { bindFailed, minerGone }: { readonly bindFailed: boolean; readonly minerGone: boolean },
): string[] {
  const line = (afterMs: number, text: string) => `[${stamp(at + afterMs)}] ${text}`;
  if (minerGone) return [line(0, `Started ${program}`), line(400, `${program}: fatal error, exiting`)];
  const lines = [line(0, `Started ${program}`), line(120, `Loaded configuration file ${config.path}`)];
  if (bindFailed && config.form === 'bosminer') {
    lines.push(line(900, `ERROR API listen failed: Address already in use (os error 98), port ${apiPort}`));
  } else if (bindFailed) {
    lines.push(
      line(900, `API bind to port ${apiPort} failed - trying again in 30sec`),
      line(30_900, `API bind to port ${apiPort} failed - trying again in 30sec`),
      line(61_900, `API bind: Address already in use`),
      line(61_900, `API listen failed - API will not be available`),
    );
  } else lines.push(line(1000, `API running in IP access mode on port ${apiPort}`));
  lines.push(
    line(5200, 'Pool 0 stratum+tcp://pool.example.org:3333 alive'),
    line(9400, 'Accepted 0a1b2c3d Diff 65.5K/65536 pool 0'),
  );
  return lines;
}

/** What the kernel wrote, with the seconds of its own clock. */
export function kernelLines({ firmware, options }: ShellMachine): string[] {
  const [, , release = '', ...rest] = firmware.kernel.split(' ');
  const line = (seconds: number, text: string) => `[${seconds.toFixed(6).padStart(12)}] ${text}`;
  const lines = [
    line(0, 'Booting Linux on physical CPU 0x0'),
    line(0, `Linux version ${release} ${rest.slice(0, 3).join(' ')}`),
    line(0.012, `Memory: ${firmware.memoryKb}K available`),
    line(1.9, 'eth0: link up, 100Mbps, full-duplex'),
    line(4.1, 'random: crng init done'),
  ];
  if (options.state?.memoryTight === true)
    lines.push(line(5_184_312.4, `${firmware.program}: page allocation failure: order:2, mode:0x208020`));
  return lines;
}
