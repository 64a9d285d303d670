import type { ConnectClass, Look } from '@headframe/model';
import type { parseAddress } from '../address.ts';
import { asCredentialSource, type Login, loginFor } from '../credentials.ts';
import { ASK_LIMITS, type Asking, doorsOf, USUAL } from './asking.ts';
import { knockAtHighPort, knockAtPorts, knockOnce } from './connect-class.ts';
import type { ExamineOptions, Looking } from './options.ts';

/** What the collectors that speak with the device share, from what the caller gave. */
export async function askingOf(
  endpoint: ReturnType<typeof parseAddress>,
  host: string,
  address: string,
  options: ExamineOptions,
  looking: Looking,
): Promise<Asking> {
  const { clock, deadline } = looking;
  const dial = { host, clock, deadline, limits: ASK_LIMITS };
  const source = asCredentialSource(options.credentials);
  const logins = new Map<string, Login | undefined>();
  const login = (family: string): Login | undefined => {
    if (!logins.has(family)) {
      const known = source(endpoint.host, family);
      logins.set(family, known === null ? undefined : loginFor(known));
    }
    return logins.get(family);
  };
  return {
    address,
    host,
    ...(await doorsOf({ ...endpoint, host }, options.ports ?? {}, dial)),
    dial,
    looking,
    login,
    isQuick: options.quick === true,
    isPatient: options.patient === true,
    onStep: options.onStep ?? (() => {}),
  };
}

/** The ports that nobody asks anyway, all together, each closed at once. */
export async function knock(
  { host, doors, isForwarded }: Asking,
  looking: Looking,
): Promise<Record<number, Look<ConnectClass>>> {
  const high = knockAtHighPort(host, looking);
  // Behind a forwarded port other machines may have the other ports of this host.
  if (isForwarded) return high;
  const standIns = (['whatsminer', 'ethminer', 'grpc'] as const).filter((name) => doors[name] !== USUAL[name]);
  const replaced: number[] = standIns.map((name) => USUAL[name]);
  const usual = knockAtPorts(host, [USUAL.cgminer, USUAL.http, ...replaced], looking);
  const standing = standIns.map(async (name): Promise<Record<number, Look<ConnectClass>>> => {
    const port = doors[name] ?? USUAL[name];
    const look = await knockOnce(host, port, looking);
    return { [port]: look, [USUAL[name]]: look };
  });
  return Object.assign({}, await usual, ...(await Promise.all(standing)), await high);
}
