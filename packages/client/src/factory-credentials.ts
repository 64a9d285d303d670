import type { Family } from '@headframe/model';
import { createMiner, type Miner, type MinerOptions, type MinerTarget } from './miner.ts';

/**
 * The machine with the first login of the factory that it takes, or null. Only for who asked for it in so many words
 * (`tryDefaults`): the finding `credentials.factory-default` says that it was so.
 */
export async function withFactoryLogin(
  target: MinerTarget,
  family: Family,
  options: MinerOptions,
): Promise<Miner | null> {
  for (const credentials of family.factoryCredentials ?? []) {
    const miner = createMiner(target, { ...options, credentials });
    if (!(await takesLogin(miner))) continue;
    miner.findings.push({
      code: 'credentials.factory-default',
      detail: `user ${credentials.username} with the password that the factory sets`,
    });
    return miner;
  }
  return null;
}

/** A page that answered, and none that said no: pages without a password prove nothing, and cost nothing either. */
async function takesLogin(miner: Miner): Promise<boolean> {
  try {
    const replies = [...(await miner.readReplies({ fresh: true })).entries()];
    const overHttp = replies.filter(([, { meta }]) => /^(GET|POST) /.test(meta.request));
    return overHttp.some(([, reply]) => reply.doc !== null) && !overHttp.some(([, { error }]) => isDenied(error?.code));
  } catch {
    return false;
  }
}

const isDenied = (code: string | undefined): boolean => code === 'auth/rejected' || code === 'auth/required';
