/** `scheme://user.worker:password@host:port/path`; a slash or an @ that is not escaped may stand in the password. */
const WITH_PORT =
  /^((?:[a-z][a-z0-9+.-]{0,30}:)?\/\/)?(?:(.*)@)?((?:\[[\da-f:.%]{2,64}\]|[^\s/?#@:[\]]+):\d{1,5}(?:[/?#].*)?)$/is;
const WITHOUT_PORT = /^((?:[a-z][a-z0-9+.-]{0,30}:)?\/\/)?(?:(.*)@)?(.*)$/is;
/** Where a pool has no user, the account may stand in the path: `http://pool.example:8888/0x00..00.rig/me@mail.example`. */
const ACCOUNT = /0x[0-9a-f]{40}|@/i;
const SEGMENT = /[^/?#&=]+/g;

/**
 * A URI as `-P` of ethminer takes it (protocols.md 5.5), without what belongs to its owner. Everything before the last @
 * that can end it is taken for user and password: rather too much is taken out than too little.
 * @param account gives another name for that of an account
 */
export function redactPoolUri(uri: string, account: (name: string) => string): string {
  const [, scheme = '', user, rest = ''] = WITH_PORT.exec(uri) ?? WITHOUT_PORT.exec(uri) ?? [];
  const elsewhere = rest.replace(SEGMENT, (segment) => (ACCOUNT.test(segment) ? account(segment) : segment));
  if (user === undefined) return `${scheme}${elsewhere}`;
  const [, name = '', password] = /^(.*?)((?::|%3a).*)?$/is.exec(user) ?? [];
  return `${scheme}${name === '' ? '' : account(name)}${password === undefined ? '' : ':x'}@${elsewhere}`;
}
