/** What the older API says with a code (protocols.md 3.2). Judge by it: not every build sends a failing letter. */
export const V2_CODES: Readonly<Record<number, { readonly means: string; readonly ok: boolean }>> = {
  14: { means: 'invalid command or data', ok: false },
  23: { means: 'invalid JSON', ok: false },
  45: { means: 'permission denied', ok: false },
  131: { means: 'OK', ok: true },
  132: { means: 'command error', ok: false },
  /** Only the manual's examples have it, in the place of 134. */
  133: { means: 'OK', ok: true },
  134: { means: 'token handed out', ok: true },
  135: { means: 'token check failed or expired', ok: false },
  136: { means: 'too many tokens or addresses', ok: false },
  137: { means: 'base64 error', ok: false },
};

/** What port 4433 says with a code (protocols.md 3.6). */
export const V3_CODES: Readonly<Record<number, { readonly means: string; readonly ok: boolean }>> = {
  0: { means: 'OK', ok: true },
  [-1]: { means: 'failed', ok: false },
  [-2]: { means: 'invalid command', ok: false },
  [-3]: { means: 'invalid JSON item', ok: false },
  [-4]: { means: 'no permission', ok: false },
  [-5]: { means: 'out of memory', ok: false },
};
