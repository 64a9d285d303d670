import { isIP } from 'node:net';
import { cleaned } from './exchanges.ts';
import { type OwnPacket, PERHAPS } from './firewall-verdict.ts';
import { Lately } from './lately.ts';
import type { OperatingSystem } from './operating-system.ts';
import type { Looking } from './options.ts';
import { isLeftToNft, isOnNftables, stoppedByIptables } from './parse-iptables.ts';
import { stoppedByNft, tablesWithXt } from './parse-nft.ts';

/** What the local firewall does to our packets, as far as it can be read. */
export interface OwnFirewall {
  /** Those that stop them for sure. Empty: read, and nothing does. Null: it could not be read, or not be decided. */
  readonly rules: readonly string[] | null;
  /** Those that may stop them: it depends on what cannot be seen from here. */
  readonly perhaps: readonly string[];
  /** Why `rules` is null, as a part of a sentence; empty where it is not. */
  readonly why: string;
}

const unread = (why: string): OwnFirewall => ({ rules: null, perhaps: [], why });

/** The rules of this computer that drop or reject a connection (step 7), or the answers to it. */
export async function ownFirewall(
  ends: Omit<OwnPacket, 'way'>,
  looking: Pick<Looking, 'system' | 'clock'>,
): Promise<OwnFirewall> {
  const { system } = looking;
  if (isIP(ends.host) === 0) return unread('the address is not known');
  if (system.platform === 'darwin')
    return unread('the application firewall of macOS tells programs nothing of its rules');
  if (system.platform === 'win32') return unread('Windows Defender Firewall was not asked');
  if (system.platform !== 'linux') return unread(`on ${system.platform} it is not read`);
  const version = isIP(ends.host) === 6 ? 6 : 4;
  const read = await rulesets.read(looking, String(version), () => readRulesets(version, system));
  const found = (['out', 'answer'] as const).flatMap((way) => linesOf(read, { ...ends, way }));
  if (found.every(({ lines }) => lines === null)) return unread(await whyUnread(read, system));
  const told = found.flatMap(({ by, way, lines }) => (lines ?? []).map((line) => toldAs(by, way, line)));
  const perhaps = [...new Set(told.filter(({ isSure }) => !isSure).map(({ text }) => text))];
  const rules = [...new Set(told.filter(({ isSure }) => isSure).map(({ text }) => text))];
  if (rules.length > 0) return { rules, perhaps, why: '' };
  if (perhaps.length > 0) {
    return { rules: null, perhaps, why: 'whether it stops us depends on what cannot be seen from here' };
  }
  // One part of the rules was read and lets it pass; of the other nothing is known.
  if (isPartly(read)) return unread(await whyUnread(read, system));
  return { rules, perhaps, why: '' };
}

function linesOf({ nft, iptables, legacy }: Rulesets, packet: OwnPacket) {
  const byIptables = (text: string | null, only: ReadonlySet<string> | null) => ({
    by: 'iptables',
    way: packet.way,
    lines: text === null ? null : stoppedByIptables(text, packet, only),
  });
  // Where iptables is built on nftables, each shows the rules of the other, some of them wrong.
  const isShared = nft !== null && iptables !== null && isOnNftables(iptables);
  const shared = isShared ? tablesWithXt(nft, packet.host) : new Set<string>();
  return [
    { by: 'nft', way: packet.way, lines: nft === null ? null : stoppedByNft(nft, packet, shared) },
    byIptables(iptables, isShared ? shared : null),
    byIptables(legacy, null),
  ];
}

const isPartly = ({ nft, iptables, isRefused }: Rulesets): boolean =>
  isRefused || (nft === null && iptables !== null && isLeftToNft(iptables));

function toldAs(by: string, way: OwnPacket['way'], line: string): { readonly isSure: boolean; readonly text: string } {
  const isSure = !line.startsWith(PERHAPS);
  const rule = cleaned(isSure ? line : line.slice(PERHAPS.length), 100);
  return { isSure, text: `${by}${way === 'answer' ? ' (answers)' : ''}: ${rule}` };
}

async function whyUnread({ nft, iptables, isRefused }: Rulesets, system: OperatingSystem): Promise<string> {
  // Everybody may read this one of ufw, and no more.
  const ufw = await system.readFile('/etc/ufw/ufw.conf');
  const isOn = ufw !== null && /^ENABLED=yes\s*$/im.test(ufw);
  const also = isOn ? '; ufw is switched on' : '';
  if (!system.isAdministrator || isRefused) return `only an administrator may read its rules${also}`;
  if (nft !== null || iptables !== null) return `some of its rules cannot be read${also}`;
  return `neither nft nor iptables-save is there to read its rules${also}`;
}

/** The rules are the same for a whole farm, ms. */
const SHARED_MS = 2000;

/** What each program printed; null: it is not there, or failed. */
interface Rulesets {
  readonly nft: string | null;
  readonly iptables: string | null;
  /** The tables of iptables that are older than nftables, where there are any beside those of `iptables`. */
  readonly legacy: string | null;
  /** The system kept rules from us. */
  readonly isRefused: boolean;
}

const rulesets = new Lately<Rulesets>(SHARED_MS);

async function readRulesets(version: 4 | 6, system: OperatingSystem): Promise<Rulesets> {
  const six = version === 6 ? '6' : '';
  const [nft, iptables, names] = await Promise.all([
    system.run('nft', ['-j', 'list', 'ruleset']),
    system.run(`ip${six}tables-save`, []),
    // Names tables only where the old kind is in use, and an administrator reads it.
    system.readFile(`/proc/net/ip${six}_tables_names`),
  ]);
  // The kind on nftables prints nothing at all where nftables has no tables of its own.
  const isOther = iptables === null || iptables.output.trim() === '' || isOnNftables(iptables.output);
  const legacy =
    isOther && names !== null && names.trim() !== '' ? await system.run(`ip${six}tables-legacy-save`, []) : null;
  const [ofNft, ofIptables, ofLegacy] = [nft, iptables, legacy].map((said) => (said?.code === 0 ? said.output : null));
  const isRefused = [nft, iptables].some(
    (said) => said !== null && said.code !== 0 && /not permitted|permission denied|must be root/i.test(said.output),
  );
  return { nft: ofNft ?? null, iptables: ofIptables ?? null, legacy: ofLegacy ?? null, isRefused };
}
