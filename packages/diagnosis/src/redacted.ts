const MASK = '(masked)';

/** What is said behind one of these is masked whole: `password=x`, `"token": "x"`, `HEADFRAME_PASSWORD=x`. */
const NAMED =
  /(?<![a-z])(pass(?:word|wd|phrase)?|pwd|passcode|pin|token|secret|psk|sign(?:ature)?|otp|cookie|authorization|api[-_ ]?key|(?:private|session|secret)[-_ ]?(?:key|id))(["']?\s*[:=]\s*)(?:"[^"]*"?|'[^']*'?|(?:(?:basic|bearer|digest)\s+)?[^\s"',;}&]+)/gi;
/** `user:password@` within a URL. */
const IN_URL = /(:\/\/[^\s:@/]{0,80}):[^\s@/]{1,200}@/g;
/** Logins of curl and of cgminer, of sshpass, and of the header. */
const IN_COMMAND = /((?:^|\s)(?:-u|-O|--user|--userpass)[\s=]+["']?[^\s:"']{0,80}):[^\s"']+/g;
const SSHPASS = /(\bsshpass\s+-p\s*)\S+/g;
const SCHEME = /\b(basic|bearer)\s+[a-z0-9+/=._~-]{6,}/gi;
/** Addresses of wallets, and whatever is as long and as random: letters and digits in one piece, or what a cut left of it. */
const LONG_PIECE = /[a-z0-9]{26,}|[a-z0-9]{12,}(?=…)/gi;

/**
 * Without what is nobody's business: passwords, tokens, and addresses of wallets, of which the first four and the last
 * two characters stay (`bc1q…x7.rig3`: the worker's own name is behind the dot, and stays).
 * @param secrets what is known to be secret, such as the password that was given; masked wherever it stands
 */
export function redacted(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length > 2) clean = clean.replaceAll(secret, MASK);
  return clean
    .replaceAll(IN_URL, `$1:${MASK}@`)
    .replaceAll(IN_COMMAND, `$1:${MASK}`)
    .replaceAll(SSHPASS, `$1${MASK}`)
    .replaceAll(NAMED, `$1$2${MASK}`)
    .replaceAll(SCHEME, `$1 ${MASK}`)
    .replaceAll(LONG_PIECE, (piece) =>
      /[a-z]/i.test(piece) && /\d/.test(piece) ? `${piece.slice(0, 4)}…${piece.slice(-2)}` : piece,
    );
}
