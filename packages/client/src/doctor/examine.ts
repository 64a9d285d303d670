import { isIP } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Examination, HeadframeError, wasSeen } from '@headframe/model';
import { parseAddress } from '../address.ts';
import { systemClock } from '../clock.ts';
import { Deadline } from '../links/deadline.ts';
import { addressOfEndpoint, USUAL } from './asking.ts';
import { askingOf, knock } from './asking-of.ts';
import { DeviceLook } from './device-look.ts';
import { notSeen } from './exchanges.ts';
import { recallHistory, rememberExamination } from './history.ts';
import { resolveName } from './name.ts';
import { lookAtNeighbour } from './neighbour.ts';
import type { ExamineOptions, Looking } from './options.ts';
import { lookAtOwnSide } from './own-side.ts';
import { pingHost } from './ping.ts';
import { readUart } from './read-uart.ts';
import { realSystem } from './real-system.ts';
import { lookInside } from './shell/look-inside.ts';
import { withoutSecrets } from './without-secrets.ts';

const LIMIT_MS = 90_000;
const SAMPLE_EVERY_MS = 1000;

/**
 * Looks at one device from every side that there is: name, neighbour table, ping, our own side, the pool, other places,
 * and a conversation with the device itself in the order of protocols.md 12. What does not disturb each other runs beside
 * each other; the device is asked one connection at a time, and none stays open.
 *
 * Judges nothing: that is the diagnosis package. What could not be looked at says why.
 * @param address `host`, or `host:port` where its API is elsewhere than usual
 * @throws HeadframeError `usage/invalid` for an address that cannot be; `link/cancelled` when `options.signal` aborts
 */
export async function examine(address: string, options: ExamineOptions = {}): Promise<Examination> {
  const endpoint = parseAddress(address);
  const named = addressOfEndpoint(endpoint);
  const deadline = new Deadline(options.timeoutMs ?? LIMIT_MS, options.signal);
  try {
    const seen = await look(endpoint, named, options, lookingOf(options, deadline));
    const examination = withoutSecrets(seen, endpoint.host, options);
    if (deadline.stopped === 'cancelled') throw new HeadframeError('link/cancelled', { address: named });
    return examination;
  } finally {
    deadline.end();
  }
}

function lookingOf(options: ExamineOptions, deadline: Deadline): Looking {
  return {
    clock: options.clock ?? systemClock,
    deadline,
    system: options.system ?? realSystem,
    wait: untilStopped(deadline, options.wait ?? ((ms) => setTimeout(ms, undefined, { ref: false }))),
  };
}

/** A wait that ends with the examination. */
const untilStopped =
  (deadline: Deadline, wait: (ms: number) => Promise<void>) =>
  (ms: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = (): void => reject(new HeadframeError('link/cancelled'));
      if (deadline.stopped !== null) return stop();
      deadline.watch(stop);
      wait(ms)
        .finally(() => deadline.unwatch(stop))
        .then(resolve, reject);
    });

async function look(
  endpoint: ReturnType<typeof parseAddress>,
  named: string,
  options: ExamineOptions,
  looking: Looking,
): Promise<Examination> {
  const { history: store, onStep = () => {} } = options;
  const from = looking.clock.now();
  const history = recallHistory(store, named, looking);
  const remembered = store?.recall(named) ?? null;
  const expectedMac = options.expectedMac ?? remembered?.mac ?? null;

  // Beside everything else: these disturb nobody.
  const pool = options.pool?.(looking) ?? notSeen('no pool account was given');
  const vantage = (options.vantage ?? []).map((lookFrom) => lookFrom(named, looking));
  const uart =
    options.uart === undefined ? notSeen('no log of the serial console was given') : readUart(options.uart, looking);

  onStep('the name, the network and the ports');
  const name = isIP(endpoint.host) === 0 ? await resolveName(endpoint.host, null, looking) : NO_NAME;
  const host = wasSeen(name) ? (name.value.addresses[0] ?? endpoint.host) : endpoint.host;
  const neighbour = lookAtNeighbour(host, expectedMac, looking);
  const ping = pingHost(host, looking);
  const asking = await askingOf(endpoint, host, named, options, looking);
  const apiPort = asking.doors.cgminer ?? asking.doors.http ?? USUAL.cgminer;
  const own = lookAtOwnSide(host, apiPort, looking);
  const knocks = knock(asking, looking);
  const beside = Promise.all([neighbour, ping, own, pool, uart, Promise.all(vantage), knocks]);
  // A mistake in one of them ends the examination where it is awaited below, not the whole process before that.
  beside.catch(() => {});

  onStep('its web page and its API');
  const device = await new DeviceLook({
    asking,
    remembered,
    knocks,
    sampleEveryMs: options.sampleEveryMs ?? SAMPLE_EVERY_MS,
  }).run();
  const { ssh } = options;
  if (ssh !== undefined) onStep('the machine from inside, over SSH');
  const shell =
    ssh === undefined ? notSeen('no login over SSH was given') : lookInside(host, ssh, device.subject.family, looking);

  const inside = await shell;
  const [neighbourLook, pingLook, ownLook, poolLook, uartLook, vantageLooks] = await beside;
  const examination: Examination = {
    ...device,
    from,
    name,
    neighbour: neighbourLook,
    ping: pingLook,
    history,
    pool: poolLook,
    vantage: vantageLooks,
    own: ownLook,
    shell: inside,
    uart: uartLook,
    told: options.told ?? {},
    to: looking.clock.now(),
  };
  if (store !== undefined && looking.deadline.stopped !== 'cancelled') {
    rememberExamination(store, examination, remembered);
  }
  return examination;
}

const NO_NAME = notSeen('an address was given, not a name');
