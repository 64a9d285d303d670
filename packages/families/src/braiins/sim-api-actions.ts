import { ActionsService, ApiVersionService, AuthenticationService } from './contract/index.ts';
import { type Served, serve } from './sim-api.ts';
import { REFUSE } from './sim-refusal.ts';

const { method } = ActionsService;

/** What the machine does at once. */
export const actions: readonly Served[] = [
  serve(method.start, (machine, _, now) => ({ alreadyRunning: machine.startMiner(now) })),
  serve(method.stop, (machine, _, now) => ({ alreadyStopped: machine.stopMiner(now) })),
  serve(method.pauseMining, (machine, _, now) => ({ alreadyPaused: machine.pause(now) })),
  serve(method.resumeMining, (machine, _, now) => ({ alreadyMining: machine.resume(now) })),
  serve(method.restart, (machine, _, now) => ({ alreadyRunning: machine.restartMiner(now) })),
  serve(method.reboot, (machine, _, now) => {
    if (machine.busy) throw REFUSE.busy();
    machine.reboot(now);
    return {};
  }),
  serve(method.factoryReset, (machine, _, now) => {
    if (machine.busy) throw REFUSE.busy();
    machine.reboot(now, { change: () => machine.forgetSettings() });
    return {};
  }),
  serve(method.setLocateDeviceStatus, (machine, { enable }) => {
    machine.locating = enable;
    return { enabled: enable };
  }),
  serve(method.getLocateDeviceStatus, (machine) => ({ enabled: machine.locating })),
];

/** The user of BraiinsOS. */
const USER = 'root';

export const login: readonly Served[] = [
  serve(ApiVersionService.method.getApiVersion, ({ release }) => {
    const { major, minor, patch, pre } = release.api ?? { major: 0, minor: 0, patch: 0, pre: '' };
    return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), pre };
  }),
  serve(
    AuthenticationService.method.login,
    (machine, { username, password }, now) => {
      const set = machine.system.password;
      if (username !== USER || (set !== null && password !== set)) throw REFUSE.login();
      return { token: machine.tokens.issue(now), timeoutS: machine.tokens.livesS };
    },
    // In the header from the first release on, in the message beside it since 24.04.
    ({ token }) => ({ authorization: token }),
  ),
  serve(AuthenticationService.method.setPassword, (machine, { password }) => {
    machine.system = { ...machine.system, password: password ?? null };
    return {};
  }),
];
