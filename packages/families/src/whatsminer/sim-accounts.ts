import { v3Open, v3Token } from '@headframe/wire/whatsminer';

/*
 * The accounts of the API on port 4433 (protocols.md 3.6): `super` may do everything, the three users what they were
 * given. Every write is signed with its account's password, the device's salt and a time.
 */

export const SUPER = 'super';
export const USERS: readonly string[] = ['user1', 'user2', 'user3'];

interface Account {
  password: string;
  /** Commands that it may give. */
  allowed: ReadonlySet<string>;
}

/** A write as it came. */
export interface SignedRequest {
  readonly cmd: string;
  readonly account: string;
  readonly ts: number;
  readonly token: string;
}

export class Accounts {
  readonly salt: string;
  readonly #accounts = new Map<string, Account>();

  constructor(salt: string, superPassword: string) {
    this.salt = salt;
    this.reset(superPassword);
  }

  /** The users' own passwords are their names until somebody sets others: nothing is known of them. */
  reset(superPassword: string): void {
    this.#accounts.set(SUPER, { password: superPassword, allowed: new Set() });
    for (const user of USERS) this.#accounts.set(user, { password: user, allowed: new Set() });
  }

  /** Whether the token is the account's own for this command and time, and the account may give the command. */
  admits({ cmd, account, ts, token }: SignedRequest): boolean {
    const found = this.#accounts.get(account);
    if (found === undefined) return false;
    if (v3Token({ cmd, password: found.password, salt: this.salt, ts }) !== token) return false;
    return account === SUPER || found.allowed.has(cmd);
  }

  /** The text of a sealed `param`. @throws HeadframeError `protocol/cannot-decrypt` */
  open({ cmd, account, ts }: SignedRequest, sealed: string): string {
    const password = this.#accounts.get(account)?.password ?? '';
    return v3Open(sealed, { cmd, password, salt: this.salt, ts });
  }

  isPassword(account: string, password: string): boolean {
    return this.#accounts.get(account)?.password === password;
  }

  setPassword(account: string, password: string): void {
    const found = this.#accounts.get(account);
    if (found !== undefined) found.password = password;
  }

  allow(user: string, commands: readonly string[]): void {
    const found = this.#accounts.get(user);
    if (found !== undefined) found.allowed = new Set(commands);
  }
}
