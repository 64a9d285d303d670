import { type DescMethod, fromBinary } from '@bufbuild/protobuf';
import { GraphQLError } from 'graphql';
import {
  ActionsService,
  AuthenticationService,
  callOf,
  fromDoc,
  MinerService,
  NetworkService,
  PerformanceService,
  PoolService,
} from './contract/index.ts';
import { answerCall } from './sim-api.ts';
import { unaryCalls } from './sim-calls.ts';
import { autotuning, groupConfigs, hashChainGlobal, hashChains, performanceScaling } from './sim-graphql-config.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { ApiRefusal, REFUSE } from './sim-refusal.ts';

/*
 * Mutations of GraphQL, done by the calls of the contract that do the same. All but a login want the cookie of one; a refusal
 * is a result of its own type.
 */

export interface Asked {
  readonly machine: BraiinsMachine;
  readonly now: number;
  /** Of the cookie; null without one. */
  readonly token: string | null;
  /** The cookie to set; empty to end the session. */
  session: string | null;
}

const VOID = { __typename: 'VoidResult', void: '' } as const;

/** @throws ApiRefusal */
function call({ machine, now }: Asked, method: DescMethod, doc: Readonly<Record<string, unknown>> = {}) {
  const served = unaryCalls.get(callOf(method));
  if (served === undefined) throw REFUSE.unimplemented();
  return answerCall(machine, served, fromBinary(method.input, fromDoc(method.input, doc)), now);
}

/** A result, or why there is none, under the name that its type has for that. */
function attempt<T>(error: string, run: () => T, more: Readonly<Record<string, unknown>> = {}) {
  try {
    return run();
  } catch (thrown) {
    if (!(thrown instanceof ApiRefusal)) throw thrown;
    return { __typename: error, message: thrown.message, ...more };
  }
}

const done = (asked: Asked, error: string, method: DescMethod, doc?: Readonly<Record<string, unknown>>) =>
  attempt(error, () => {
    call(asked, method, doc);
    return VOID;
  });

/** UNAUTHORIZED: the vendor's schema of 21.09 has this word for it; where it stands in a reply is ours. */
function needLogin({ machine, now, token }: Asked): void {
  if (token !== null && machine.tokens.use(now, token)) return;
  throw new GraphQLError('Unauthorized', { extensions: { code: 'UNAUTHORIZED' } });
}

const auth = (asked: Asked) => ({
  login: ({ username, password }: { username: string; password: string }) =>
    attempt('AuthError', () => {
      const { headers } = call(asked, AuthenticationService.method.login, { username, password });
      asked.session = headers.authorization ?? null;
      return VOID;
    }),
  logout: () => {
    asked.session = '';
    return VOID;
  },
  extend: () => {
    needLogin(asked);
    asked.session = asked.token;
    return VOID;
  },
});

const { method: action } = ActionsService;

const bos = (asked: Asked) => ({
  reboot: () => done(asked, 'BosError', action.reboot),
  factoryReset: () => done(asked, 'BosError', action.factoryReset),
  setPassword: ({ newPassword }: { newPassword?: string | null }) =>
    done(asked, 'BosError', AuthenticationService.method.setPassword, { password: newPassword }),
  setHostname: ({ hostname }: { hostname: string }) =>
    attempt('HostnameError', () => {
      call(asked, NetworkService.method.setNetworkConfiguration, { hostname });
      return { __typename: 'HostnameOk', message: hostname };
    }),
  setFaultLight: ({ enable }: { enable: boolean }) => {
    call(asked, action.setLocateDeviceStatus, { enable });
    return { enabled: asked.machine.locating };
  },
});

interface AutotuningIn {
  readonly mode?: 'POWER_TARGET' | 'HASHRATE_TARGET' | null;
  readonly powerTarget?: number | null;
  readonly hashrateTarget?: number | null;
}

interface HashChainSetter {
  readonly name: string;
  readonly enabled?: boolean | null;
  readonly frequency?: number | null;
  readonly voltage?: number | null;
}

interface PerformanceIn {
  readonly globalFrequency?: number | null;
  readonly globalVoltage?: number | null;
  readonly hashChains?: readonly HashChainSetter[] | null;
}

interface GroupIn {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly quota?: number | null;
  readonly fixedShareRatio?: number | null;
  readonly pools?: readonly Readonly<Record<string, unknown>>[] | null;
}

const saving = (apply: boolean) => ({ save_action: apply ? 2 : 1 });

const { method: performance } = PerformanceService;

/** Without a mode it is the one whose target is given. */
function updateAutotuning(asked: Asked, { mode, powerTarget, hashrateTarget }: AutotuningIn, apply: boolean) {
  const { performance: before } = asked.machine.saved;
  const byHashrate = mode === 'HASHRATE_TARGET' || (mode !== 'POWER_TARGET' && typeof hashrateTarget === 'number');
  return attempt('AutotuningError', () => {
    if (byHashrate) {
      const terahash_per_second = hashrateTarget ?? before.hashrateThs;
      call(asked, performance.setHashrateTarget, { ...saving(apply), hashrate_target: { terahash_per_second } });
    } else {
      const watt = powerTarget ?? Math.round(before.powerW);
      if (watt < 0) throw REFUSE.invalid(`power target [${watt}W] is negative`);
      call(asked, performance.setPowerTarget, { ...saving(apply), power_target: { watt } });
    }
    const { saved } = asked.machine;
    return {
      __typename: 'AutotuningOut',
      hashChains: hashChains(saved, asked.machine),
      autotuning: autotuning(saved),
      performanceScaling: performanceScaling(saved),
    };
  });
}

/** Hashboards on or off; with a frequency or a voltage, the manual mode. */
function updatePerformance(asked: Asked, input: PerformanceIn, apply: boolean) {
  const chains = input.hashChains ?? [];
  const named = (on: boolean) => chains.filter(({ enabled }) => enabled === on).map(({ name }) => name);
  const hertz = (mhz: number | null | undefined) => (typeof mhz === 'number' ? { hertz: mhz * 1e6 } : null);
  const volt = (volts: number | null | undefined) => (typeof volts === 'number' ? { volt: volts } : null);
  const driven = chains.filter(({ frequency, voltage }) => hertz(frequency) !== null || volt(voltage) !== null);
  return attempt('PerformanceError', () => {
    for (const [on, method] of [
      [true, MinerService.method.enableHashboards],
      [false, MinerService.method.disableHashboards],
    ] as const) {
      if (named(on).length > 0) call(asked, method, { ...saving(apply), hashboard_ids: named(on) });
    }
    const globals = { global_frequency: hertz(input.globalFrequency), global_voltage: volt(input.globalVoltage) };
    if (driven.length > 0 || globals.global_frequency !== null || globals.global_voltage !== null) {
      const hashboards = driven.map(({ name, frequency, voltage }) => {
        return { id: name, frequency: hertz(frequency), voltage: volt(voltage) };
      });
      const mode = { mode: { manualmode: { ...globals, hashboards } } };
      call(asked, performance.setPerformanceMode, { ...saving(apply), mode });
    }
    const { saved } = asked.machine;
    return {
      __typename: 'PerformanceOut',
      hashChainGlobal: hashChainGlobal(saved),
      hashChains: hashChains(saved, asked.machine),
    };
  });
}

/** All groups anew; one with the id of a group that there is goes on as it. */
function updateGroups(asked: Asked, groups: readonly GroupIn[]) {
  const uidOf = (id: string | null | undefined) =>
    typeof id === 'string' ? asked.machine.saved.groups[Number(id)]?.uid : undefined;
  const pool_groups = groups.map(({ id, name, quota, fixedShareRatio, pools }) => ({
    uid: uidOf(id),
    name: name ?? '',
    load_balance_strategy:
      typeof fixedShareRatio === 'number'
        ? { fixedshareratio: { value: fixedShareRatio } }
        : { quota: { value: Math.max(0, quota ?? 1) } },
    pools: (pools ?? []).map((pool) => ({ ...pool })),
  }));
  return attempt(
    'GroupListError',
    () => {
      call(asked, PoolService.method.setPoolGroups, { ...saving(true), pool_groups });
      return { __typename: 'GroupList', groups: groupConfigs(asked.machine.saved.groups) };
    },
    { duplicateNames: [] },
  );
}

const bosminer = (asked: Asked) => ({
  start: () => done(asked, 'BosminerError', action.start),
  stop: () => done(asked, 'BosminerError', action.stop),
  restart: () => done(asked, 'BosminerError', action.restart),
  config: {
    updateAutotuning: ({ input, apply }: { input: AutotuningIn; apply: boolean }) =>
      updateAutotuning(asked, input, apply),
    updatePerformance: ({ input, apply }: { input: PerformanceIn; apply: boolean }) =>
      updatePerformance(asked, input, apply),
    updateGroups: ({ groups }: { groups: readonly GroupIn[] }) => updateGroups(asked, groups),
  },
});

/** The root of mutations. */
export const mutations = (asked: Asked) => ({
  auth: () => auth(asked),
  bos: () => {
    needLogin(asked);
    return bos(asked);
  },
  bosminer: () => {
    needLogin(asked);
    return bosminer(asked);
  },
});
