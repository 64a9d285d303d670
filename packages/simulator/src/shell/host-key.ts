import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** An Ed25519 key pair of a server, from 32 bytes. */
export interface HostKey {
  /** In the form of OpenSSH, without a passphrase. */
  readonly privateKey: string;
  /** `SHA256:...` of the public one, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

/**
 * The host key of a machine: the same for the same seed and generation, so that a machine keeps its key over restarts of
 * the simulator. A reflash makes new keys: another generation.
 */
export function hostKey(seed: number, generation: number): HostKey {
  const secret = createHash('sha256').update(`host key ${seed} ${generation}`).digest();
  // PKCS #8 of Ed25519 is a fixed head and the secret (RFC 8410).
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const key = createPrivateKey({ key: Buffer.concat([head, secret]), format: 'der', type: 'pkcs8' });
  const point = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const text = (value: string | Uint8Array) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const one = Buffer.from([0, 0, 0, 1]);
  const open = Buffer.concat([text('ssh-ed25519'), text(point)]);
  // Two equal numbers show that the key was read right; the end is filled up to eight bytes with 1, 2, 3 ...
  const check = secret.subarray(0, 4);
  const inner = Buffer.concat([check, check, open, text(Buffer.concat([secret, point])), text('')]);
  const filler = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, i) => i + 1));
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    one,
    text(open),
    text(Buffer.concat([inner, filler])),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    fingerprint: `SHA256:${createHash('sha256').update(open).digest('base64').replace(/=+$/, '')}`,
  };
}
