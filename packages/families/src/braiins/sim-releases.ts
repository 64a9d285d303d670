/*
 * Releases of BraiinsOS. Which contract a release serves: the table in the README of braiins/bos-plus-api. Firmware strings
 * are those of captures and of public reports of users; that of 21.09 has no source but its month.
 */

export interface BosRelease {
  /** Year and month: 25.07. */
  readonly os: number;
  /** `2025-08-06-0-3881c51d-25.07-plus` */
  readonly firmware: string;
  /** The program that answers on port 4028 is built for one of two systems: `boser-buildroot 0.1.0-75912fc7`. */
  readonly boser: string;
  /** Version of the contract; null before there was one. */
  readonly api: { readonly major: number; readonly minor: number; readonly patch: number; readonly pre: string } | null;
}

const release = (os: number, firmware: string, api: BosRelease['api'], system = 'buildroot'): BosRelease => ({
  os,
  firmware,
  boser: `boser-${system} 0.1.0-${firmware.split('-')[4]}`,
  api,
});

const stable = (minor: number): BosRelease['api'] => ({ major: 1, minor, patch: 0, pre: '' });

export const RELEASES = {
  '21.09': release(21.09, '2021-09-23-0-d1d3a2b4-21.09-plus', null, 'openwrt'),
  '22.08': release(22.08, '2022-09-13-0-11012d53-22.08-plus', null, 'openwrt'),
  '23.12': release(23.12, '2024-01-15-0-e8253ec1-23.12.1-plus', { major: 1, minor: 0, patch: 0, pre: 'beta.5' }),
  '24.09': release(24.09, '2024-12-03-0-f4c282cd-24.09.1-plus', stable(3)),
  '25.03': release(25.03, '2025-04-07-0-424f9a7f-25.03-plus', stable(5)),
  '25.07': release(25.07, '2025-08-06-0-3881c51d-25.07-plus', stable(7)),
  '26.04': release(26.04, '2026-04-14-0-912d084c-26.04-plus', stable(10)),
  '26.05': release(26.05, '2026-05-07-0-e6eaa788-26.05-plus', stable(11)),
} as const;

/** The newest release whose contract is known (protocols.md 7.2): what an upgrade brings unless its file names another. */
export const NEWEST: BosRelease = RELEASES['26.05'];

/** The firmware that a machine recovers to, alike in a sample of 23.03 and in the capture of 25.07. */
export const RECOVERY_FIRMWARE = RELEASES['22.08'].firmware;

/** The release of a firmware string that is known; null for any other. */
export const releaseOf = (firmware: string): BosRelease | null =>
  Object.values(RELEASES).find((one) => one.firmware === firmware) ?? null;

/** Port 50051 is open from 23.03 on (README of braiins/bos-plus-api). */
export const servesGrpc = ({ api }: BosRelease): boolean => api !== null;

/** GraphQL for 21.09 to 25.05, REST from 25.07 (protocols.md 7.3). */
export const servesRest = ({ os }: BosRelease): boolean => os >= 25.07;
