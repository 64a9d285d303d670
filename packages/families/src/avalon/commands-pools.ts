import {
  type Action,
  action,
  HeadframeError,
  type Links,
  MASK,
  type PoolSetting,
  pools,
  type ReadBack,
  type Step,
  type StepVerdict,
} from '@headframe/model';
import {
  askCommand,
  first,
  listPools,
  type PoolActionName,
  type PoolDialect,
  poolActions,
} from '@headframe/wire/cgminer';
import { ascset, avalonStep, needsOption, portOf, withoutCommas } from './ascset.ts';
import { afterReboot, loginOf, REBOOT_NOTES, rebootStep } from './commands-power.ts';
import type { Generation } from './quirks.ts';

/*
 * Pools. cgminer's own commands work until the next start; what stays is set with `setpool`, which carries the login of
 * the web page and counts from the next start on (protocols.md 4).
 */

const DIALECT: PoolDialect = {
  source: 'cgminer 4.11.1 API, pool commands',
  lasting: 'until it restarts: set-pools stays',
  most: 255,
  slots: 3,
  lcd: true,
  priority: true,
};

const plain = poolActions(DIALECT);

type PoolActions = Partial<Record<PoolActionName, Action>>;

/** The pool commands that every cgminer has, where this one has them, and `setPools` as the generation wants it. */
export function poolActionsOf(generation: Generation | null): PoolActions {
  if (generation?.setpool === undefined) return plain;
  const { switchPool, addPool, removePool, enablePool, disablePool } = plain;
  return {
    setPools: setPools(generation.setpool),
    switchPool: whereItIs('switchpool', switchPool),
    enablePool: whereItIs('enablepool', enablePool),
    disablePool: whereItIs('disablepool', disablePool),
    // Those for the home have neither, as their users found.
    ...(generation.kind === 'home'
      ? {}
      : { addPool: whereItIs('addpool', addPool), removePool: whereItIs('removepool', removePool) }),
  };
}

/** Some firmwares leave commands of cgminer's out: `check` tells, and then nothing is sent. */
const whereItIs = (command: string, one: Action): Action => ({
  ...one,
  prepare: async (links, given) => {
    const reply = await askCommand(portOf(links), links.clock, { id: 'check', command: 'check', parameter: command });
    const check = first(reply.doc, 'CHECK');
    if (check.bool('Exists') === false) {
      const detail = 'its firmware does not have it (check says so): set-pools sets the whole list; nothing was sent';
      throw new HeadframeError('support/unsupported', { request: command, detail });
    }
    if (check.bool('Access') === false) {
      const detail = 'its address list does not let us (check says so); nothing was sent';
      throw new HeadframeError('auth/address-not-allowed', { request: command, detail });
    }
    return one.prepare(links, given);
  },
});

type Form = NonNullable<Generation['setpool']>;

const MOST = 128;

const setPools = (form: Form): Action =>
  action(
    { pools: pools({ source: 'Avalon setpool', most: MOST, slots: form === 'one pool' ? 1 : 3 }) },
    async (links, { pools: wanted }) => {
      await needsOption(links, 'reboot', ...(form === 'own command' ? [] : ['setpool']));
      const present = (await listPools(links)).length;
      // No slot may keep a pool that is not wanted any more.
      const last = wanted.at(-1);
      const slots = form === 'one pool' ? 1 : Math.max(wanted.length, Math.min(present, 3));
      const filled = Array.from({ length: slots }, (_, i) => wanted[i] ?? last).filter((one) => one !== undefined);
      return {
        notes: [
          ...(filled.length > wanted.length
            ? [
                `It has ${slots} slots in use and no known way to empty one: those that are left get the last pool again`,
              ]
            : []),
          ...(form === 'one pool' && present > 1 ? ['This generation sets its first pool only'] : []),
        ],
        steps: [
          ...filled.map((one, index) => setpoolStep(links, form, one, index)),
          { ...rebootStep(), afterMs: 1_000 },
        ],
        readBack: afterReboot('pools', lookForPools(wanted, form === 'one pool')),
      };
    },
    { ...REBOOT_NOTES, lasting: 'kept; it reboots, which makes it count' },
  );

/** @throws HeadframeError `auth/required`, `usage/invalid` */
export function setpoolStep(links: Links, form: Form, { url, worker, password }: PoolSetting, index: number): Step {
  const login = loginOf(links, 'setpool');
  withoutCommas('setpool', url, worker, password, login.username, login.password);
  const slot = form === 'one pool' ? [] : [String(index)];
  const of = (loginPassword: string, poolPassword: string): string =>
    [login.username, loginPassword, ...slot, url, worker, poolPassword].join(',');
  const value = of(login.password, password);
  const shown = of(MASK, MASK);
  const step = form === 'own command' ? avalonStep('setpool', value, shown) : ascset('setpool', { value, shown });
  return { ...step, verdict: (reply) => withoutEcho(step.verdict(reply), [login.password, password]) };
}

/** The machine repeats what it was told, the password of the pool too (vendor's manual of the A10). */
function withoutEcho(verdict: StepVerdict, secrets: readonly string[]): StepVerdict {
  if (verdict.vendorText === undefined) return verdict;
  const text = verdict.vendorText.replace(/(passw\w*(?:\s+is|\s*[:=])\s*)[^\n]*/gi, `$1${MASK}`);
  const vendorText = secrets
    // A single letter, as most pool passwords are, stands in every word.
    .filter((secret) => secret.length > 2)
    .reduce((left, secret) => left.replaceAll(secret, MASK), text);
  return { ...verdict, vendorText };
}

const lookForPools =
  (wanted: readonly PoolSetting[], onlyFirst: boolean): ReadBack['look'] =>
  async (links) => {
    const list = (await listPools(links)).filter(({ url }) => url !== '');
    const is = (one: { url: string; worker: string }, other: PoolSetting) =>
      one.url === other.url && one.worker === other.worker;
    const inOrder = wanted.every((one, index) => {
      const there = list.find((listed) => listed.index === index);
      return there !== undefined && is(there, one);
    });
    const stray = !onlyFirst && list.some((listed) => !wanted.some((one) => is(listed, one)));
    return {
      done: inOrder && !stray,
      values: { pools: list.map(({ index, url, worker }) => ({ index, url, worker })) },
    };
  };
