import { type CredentialSource, loadCredentials } from '@headframe/client';

/** Credentials from the file of `--credentials`, else from the environment. There are no defaults. */
export const credentialsFrom = (file: string | undefined): CredentialSource =>
  loadCredentials(file === undefined ? {} : { file });
