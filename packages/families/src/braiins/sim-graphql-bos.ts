import { PLATFORMS } from './sim-cgminer-platforms.ts';
import { metadata, minerConfig } from './sim-graphql-config.ts';
import { minerInfo } from './sim-graphql-info.ts';
import type { Asked } from './sim-graphql-writes.ts';
import { hexId, macOf } from './sim-identity.ts';
import type { JournalError, LogName } from './sim-journal.ts';

const LOGS: readonly LogName[] = ['dmesg', 'syslog', 'bosminer', 'boser', 'monitor'];
/** Modes and families of control boards by their numbers in the contract. */
const MODES: Readonly<Record<number, string>> = { 3: 'SD', 4: 'NAND', 5: 'EMMC' };
const FAMILIES: Readonly<Record<number, string>> = { 1: 'CVITEK', 2: 'BBB', 3: 'AML', 4: 'ZYNQ', 5: 'BRAIINS' };

const epochS = (at: number): number => Math.floor(at / 1000);

/** A trouble with the hardware: it has a code. That others are not shown to whoever looks at the page is ours. */
const appeals = (errors: readonly JournalError[]) =>
  errors
    .filter(({ codes }) => codes.length > 0)
    .map(({ at, message }, i) => ({ id: String(i), kind: 'ERROR', timestamp: epochS(at), message }));

function bos({ machine, now }: Asked) {
  const { plan, release, system, journal } = machine;
  const { hostname, dhcp, address, netmask, gateway, dns } = system.network;
  const mode = MODES[plan.bosMode] ?? 'NAND';
  const uptimeS = machine.uptimeS(now);
  return {
    hostname,
    uptime: { since: epochS(now) - uptimeS, durationS: uptimeS },
    logTargets: LOGS.map((log) => log.toUpperCase()),
    log: ({ target }: { target: string }) => {
      const log = LOGS.find((one) => one.toUpperCase() === target);
      return log === undefined ? [] : journal.text(now, log).split('\n').filter(Boolean);
    },
    hwid: hexId(machine.key('machine')),
    info: {
      mode: mode === 'EMMC' && release.os < 24.09 ? 'NAND' : mode,
      version: { full: release.firmware, isPlus: true },
      controlBoardSocFamily: FAMILIES[plan.soc] ?? 'UNSPECIFIED',
      platform: PLATFORMS[plan.platform] ?? 'unknown',
    },
    autoUpgrade: system.upgrade.enabled,
    network: dhcp
      ? { __typename: 'Dhcp', void: '' }
      : { __typename: 'StaticIp', address, netmask, gateway, dnsServers: dns },
    faultLight: machine.locating,
    macAddress: macOf(machine.key),
    errors: () =>
      journal.errors(now).map(({ at, message, codes, components }) => ({
        timestamp: journal.stamp(at),
        message,
        errorCodes: codes,
        components,
      })),
    serialNumber: null,
  };
}

/** The root of queries. @param partly some of the statistics end in errors of their own */
export const queries = (asked: Asked, partly: boolean) => ({
  events: () => ({ appeals: appeals(asked.machine.journal.errors(asked.now)) }),
  bos: () => bos(asked),
  bosminer: () => ({
    info: () => minerInfo(asked.machine, asked.now, partly),
    config: () => minerConfig(asked.machine),
    metadata: () => metadata(asked.machine),
    uptime: () => {
      const durationS = asked.machine.minerUptimeS(asked.now);
      return { since: epochS(asked.now) - durationS, durationS };
    },
  }),
});
