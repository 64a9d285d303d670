import type { Examination } from '@headframe/model';
import { asCredentialSource } from '../credentials.ts';
import type { ExamineOptions } from './options.ts';

/** Shorter ones stand in ordinary words too: to mask them would leave nothing readable, and hide nothing. */
const SHORTEST = 4;
const MASK = '***';

/** A machine may say back what it was sent: what a person gave in confidence is masked wherever it stands. */
export function withoutSecrets(seen: Examination, host: string, options: ExamineOptions): Examination {
  const login = asCredentialSource(options.credentials)(host, seen.subject.family ?? '');
  const given = [login?.password, options.ssh?.credentials.password, options.ssh?.privateKey];
  const secrets = given.filter((secret) => secret !== undefined && secret.length >= SHORTEST) as string[];
  return secrets.length === 0 ? seen : (masked(seen, secrets) as Examination);
}

function masked(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, MASK), value);
  if (Array.isArray(value)) return value.map((one) => masked(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, secrets)]));
}
