import {
  type CredentialSource,
  type Credentials,
  type ExamineOptions,
  type ExtraPorts,
  examine,
  type PoolAccountSource,
  parseAddress,
  poolReader,
} from '@headframe/client';
import { diagnose } from '@headframe/diagnosis';
import type { Protocol } from '@headframe/model';
import type { Clock, Doctor, Past } from '../ports.ts';

export interface ClientDoctorOptions extends Pick<ExamineOptions, 'ports' | 'vantage'> {
  readonly credentials?: Credentials | CredentialSource;
  /** Accounts at pools, which tell whether a machine hashes that does not say so itself. */
  readonly pools?: PoolAccountSource;
  readonly clock: Clock;
}

/** Examines with the client library, judges with the rules. */
export function clientDoctor({ credentials, pools, ...options }: ClientDoctorOptions): Doctor {
  return {
    examine: async (address, past, signal) => {
      const account = pools?.(parseAddress(address).host, past?.worker) ?? null;
      const examination = await examine(address, {
        ...options,
        ports: portsFor(address, past, options.ports ?? {}),
        ...(account === null ? {} : { pool: poolReader(account) }),
        // Anybody in the network may name an address that is theirs: only a machine of the fleet is shown a password.
        ...(credentials === undefined || past === null ? {} : { credentials }),
        history: { recall: () => past, remember: () => {} },
        signal,
      });
      return diagnose(examination);
    },
  };
}

/** Its own ports before the stand-ins of everybody; the one that the address names already is asked as what it is. */
function portsFor(address: string, past: Past | null, standIns: ExtraPorts): ExtraPorts {
  const named = parseAddress(address).port;
  const ports: Partial<Record<Protocol, readonly number[]>> = { ...standIns };
  for (const [name, port] of Object.entries(past?.ports ?? {})) {
    const protocol = name as Protocol;
    if (port !== named) ports[protocol] = [port, ...(standIns[protocol] ?? []).filter((one) => one !== port)];
  }
  return ports;
}
