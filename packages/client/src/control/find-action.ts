import { familyById } from '@headframe/families';
import {
  ACTIONS,
  type Action,
  type ActionKind,
  type ActionName,
  type Family,
  HeadframeError,
  type Identity,
} from '@headframe/model';

/** One entry of what a machine can do, or cannot. */
export interface Capability {
  /** `setFan`, or `cgminer.poolquota` for what the family has beyond the common vocabulary. */
  readonly name: string;
  readonly does: string;
  /** Null: it cannot, and `lacks` says why. */
  readonly action: Action | null;
  readonly lacks: string | null;
}

const NOTHING_LIKE_IT = 'its firmware has nothing like it';

/** The whole common vocabulary in its order, and what the family has beside it. */
export function capabilitiesOf(family: Family, identity: Identity): Capability[] {
  const can = family.actions(identity);
  const lacks = family.lacks?.(identity) ?? {};
  const common = (Object.entries(ACTIONS) as [ActionName, ActionKind][]).map(([name, kind]): Capability => {
    const action = can[name] ?? null;
    return {
      name,
      does: action?.does ?? kind.does,
      action,
      lacks: action === null ? (lacks[name] ?? NOTHING_LIKE_IT) : null,
    };
  });
  const own = Object.entries(family.own?.(identity) ?? {}).map(
    ([name, action]): Capability => ({
      name: `${family.id}.${name}`,
      does: action.does ?? '',
      action,
      lacks: null,
    }),
  );
  return [...common, ...own];
}

/** An action with what the common vocabulary says of it. */
export interface NamedAction {
  readonly name: string;
  readonly action: Action;
  readonly kind: ActionKind;
}

/**
 * @param name `setFan` or `cgminer.poolquota`
 * @throws HeadframeError `support/unsupported` with the reason, `usage/invalid` for a name that nothing has
 */
export function findAction(name: string, family: Family, identity: Identity, address: string): NamedAction {
  const capability = capabilitiesOf(family, identity).find((one) => one.name === name);
  if (capability === undefined) {
    const next = `What it can do: headframe actions ${address}`;
    throw new HeadframeError('usage/invalid', { address, detail: `There is no action "${wordsOf(name)}"`, next });
  }
  const { action, lacks } = capability;
  if (action === null) {
    throw new HeadframeError('support/unsupported', { address, request: wordsOf(name), detail: lacks ?? '' });
  }
  const common: ActionKind | undefined = ACTIONS[name as ActionName];
  const kind = {
    does: action.does ?? common?.does ?? '',
    hashing: action.hashing ?? common?.hashing ?? 'unchanged',
  } as const;
  return { name, action, kind };
}

/** `setPowerLimit` as a person types it: `set-power-limit`. What is the family's own keeps its words. */
export const wordsOf = (name: string): string =>
  name.includes('.') ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Whether a word on a command line names an action: of the vocabulary, or with the id of a family before a dot. */
export function isActionWord(word: string): boolean {
  const [family = '', own] = word.split('.', 2);
  if (own !== undefined) return familyById(family) !== undefined;
  return Object.hasOwn(ACTIONS, nameOf(word)) && wordsOf(nameOf(word)) === word;
}

/** The other way round. */
export const nameOf = (words: string): string =>
  words.includes('.') ? words : words.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
