import { type CredentialSource, loadCredentials } from '@headframe/client';
import { type Credentials, HeadframeError } from '@headframe/model';
import { ask, askSecret, isAsking } from './prompt.ts';

/** Credentials from the file of `--credentials`, else from the environment. There are no defaults. */
export const credentialsFrom = (file: string | undefined): CredentialSource =>
  loadCredentials(file === undefined ? {} : { file });

/**
 * The same, and a person at a terminal is asked once for all machines that want a password and for which none is known.
 * @param action rejects with `auth/required` where one is missing
 */
export async function withLogin<T>(
  known: CredentialSource,
  action: (source: CredentialSource) => Promise<T>,
): Promise<T> {
  try {
    return await action(known);
  } catch (error) {
    if (!(error instanceof HeadframeError) || error.code !== 'auth/required' || !isAsking()) throw error;
    given ??= askForLogin(error.context.address ?? 'the machine');
    const login = await given;
    return action((host, family) => known(host, family) ?? login);
  }
}

let given: Promise<Credentials> | undefined;

async function askForLogin(address: string): Promise<Credentials> {
  const username = await ask(`User name for ${address} and other machines that want one [root]: `);
  return { username: username === '' ? 'root' : username, password: await askSecret('Password: ') };
}
