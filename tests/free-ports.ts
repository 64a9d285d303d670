import type { Protocol } from '@headframe/model';

/** Any free port for each protocol, so that a simulated machine never takes the real ones of the computer. */
export const FREE_PORTS: Readonly<Record<Protocol, number>> = {
  cgminer: 0,
  http: 0,
  monitor: 0,
  whatsminer: 0,
  ethminer: 0,
  grpc: 0,
};
