import { type Examination, seenValue } from '@headframe/model';
import { addressRanges, subnetOf } from './address-ranges.ts';
import { plainText, saidByDevice } from './plain-text.ts';
import { type Diagnosis, type Step, VERDICTS, type Verdict, type VerdictCode } from './rule.ts';
import { RULES } from './rules/index.ts';
import { signsOf } from './signs.ts';

/** What happened once, however many machines show it. */
export interface Incident {
  /** What they have in common: our own side, a subnet, one version of a firmware, or the cause alone. */
  readonly kind: 'own-network' | 'subnet' | 'firmware' | 'cause';
  readonly code: VerdictCode;
  /** That of the worst of them. */
  readonly urgency: Diagnosis['urgency'];
  /** One sentence for a person, with how many and what it costs. */
  readonly sentence: string;
  /** As ranges: `10.0.4.1-40`. */
  readonly addresses: readonly string[];
  /** That of the first machine, and what they have in common before it. */
  readonly remedy: readonly Step[];
  /** The worst and surest first. Never empty. */
  readonly diagnoses: readonly Diagnosis[];
}

/** Of so many machines of a subnet at least, this part fails in the same way: it is the subnet then. */
const LEAST_OF_SUBNET = 4;
const MOST_OF_SUBNET = 0.8;
/** Less sure, and it is the cause of that one machine alone. */
const SURE_FROM = 0.5;

/** What costs money first. */
const COSTLY: Readonly<Record<Diagnosis['urgency'], number>> = {
  dead: 0,
  unknown: 1,
  'hashing-but-deaf': 2,
  healthy: 3,
};

/** Causes of one machine: a subnet has nothing to do with them, though the machine is silent as well. */
const OF_ONE_MACHINE: readonly VerdictCode[] = [
  'address.moved',
  'address.taken',
  'board.boot-storage',
  'board.to-repair',
  'resource.leak-periodic',
  'resource.exhausted',
];

interface Judged {
  readonly diagnosis: Diagnosis;
  readonly verdict: Verdict;
  readonly subnet: string | null;
  /** How it is away: nothing of it answers, or its API port alone is silent. */
  readonly way: 'dead' | 'filtered' | null;
  readonly isAlive: boolean;
}

/**
 * What happened, from what was found of each machine of a farm: one switch that is down is one incident, not forty.
 * Healthy machines are in none. What costs money first, then by how many.
 */
export function groupDiagnoses(diagnoses: readonly Diagnosis[]): Incident[] {
  const all = diagnoses.flatMap(judged);
  let left = all.filter(({ verdict }) => verdict.code !== 'healthy');
  const incidents: Incident[] = [];
  const take = (members: readonly Judged[], incidentOf: (members: readonly Judged[]) => Incident): void => {
    if (members.length === 0) return;
    incidents.push(incidentOf(members));
    left = left.filter((one) => !members.includes(one));
  };

  take(behindOwnNetwork(all), ofOwnNetwork);
  for (const [subnet, members] of by(all, (one) => one.subnet)) {
    const way = commonWay(members);
    const away = members.filter((one) => one.way === way && left.includes(one));
    if (way !== null) take(away, (taken) => ofSubnet(subnet, way, taken, members.length));
  }
  const updated = left.filter(({ verdict }) => verdict.code === 'firmware.update-broke-api');
  for (const [firmware, members] of by(updated, firmwareOf)) take(members, (taken) => ofFirmware(firmware, taken));
  for (const [, members] of by(left, ({ verdict }) => verdict.code)) take(members, ofCause);

  return incidents.sort(
    (a, b) =>
      COSTLY[a.urgency] - COSTLY[b.urgency] ||
      b.diagnoses.length - a.diagnoses.length ||
      (VERDICTS[a.code] ?? 0) - (VERDICTS[b.code] ?? 0),
  );
}

function judged(diagnosis: Diagnosis): Judged[] {
  const [verdict] = diagnosis.verdicts;
  if (verdict === undefined) return [];
  const { examination } = diagnosis;
  const signs = signsOf(examination);
  const isOwn = OF_ONE_MACHINE.includes(verdict.code) && verdict.confidence >= SURE_FROM;
  const isSilent = signs.failure === 'timed-out' || signs.failure === 'unreachable';
  const way = isOwn ? null : signs.isAllDead ? 'dead' : isSilent && signs.isAlive ? 'filtered' : null;
  return [{ diagnosis, verdict, way, subnet: subnetOf(addressOf(examination)), isAlive: signs.isAlive }];
}

const addressOf = ({ name, subject }: Examination): string => seenValue(name)?.addresses[0] ?? subject.address;

/** In the order in which the keys come; what has none is left out. */
function by(all: readonly Judged[], keyOf: (one: Judged) => string | null): Map<string, Judged[]> {
  const groups = new Map<string, Judged[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** All of those of which nothing can be said from here, when nobody at all answers; else those that it is sure of. */
function behindOwnNetwork(all: readonly Judged[]): Judged[] {
  const down = all.filter(({ verdict }) => verdict.code === 'own-network.down' && verdict.confidence >= SURE_FROM);
  return down.length > 0 && !all.some(({ isAlive }) => isAlive) ? [...all] : down;
}

function commonWay(members: readonly Judged[]): 'dead' | 'filtered' | null {
  if (members.length < LEAST_OF_SUBNET) return null;
  const isCommon = (way: Judged['way']) =>
    members.filter((one) => one.way === way).length >= MOST_OF_SUBNET * members.length;
  return isCommon('dead') ? 'dead' : isCommon('filtered') ? 'filtered' : null;
}

const firmwareOf = ({ diagnosis: { examination } }: Judged): string => {
  const { make, firmware, firmwareVersion } = examination.subject;
  const version = seenValue(examination.history)?.firmware.now ?? firmwareVersion;
  return [make, firmware, version].flatMap((part) => (part === null ? [] : [saidByDevice(part)])).join(' ');
};

function ofOwnNetwork(members: readonly Judged[]): Incident {
  const first = members.find(({ verdict }) => verdict.code === 'own-network.down');
  const ordered = first === undefined ? members : [first, ...members.filter((one) => one !== first)];
  const [{ verdict }] = ordered as [Judged, ...Judged[]];
  const sentence =
    members.length === 1
      ? verdict.sentence
      : `Our own network is down: nothing can be said of ${machines(members.length)} from here; ${costWords(members)}`;
  return incident('own-network', verdict, sentence, ordered, []);
}

function ofSubnet(subnet: string, way: 'dead' | 'filtered', members: readonly Judged[], of: number): Incident {
  const ordered = worstFirst(members);
  const code = commonest(ordered);
  const first = ordered.find(({ verdict }) => verdict.code === code) ?? ordered[0];
  const { verdict } = first as Judged;
  const who = `${members.length === of ? `all ${of}` : `${members.length} of ${of}`} machines of ${subnet}`;
  const hash = members.filter(({ diagnosis }) => diagnosis.urgency === 'hashing-but-deaf').length;
  const isWayThere = way === 'dead' && hash * 2 > members.length;
  const what =
    way === 'filtered'
      ? `The API port of ${who} is silent while they are there: ${lowerFirst(titleOf(code))}`
      : isWayThere
        ? `Nothing of ${who} answers from here: the way from here to this subnet is at fault`
        : `Nothing of ${who} answers: it is one fault of what they share (switch, its power, uplink, VLAN)`;
  const shared: Step = {
    step: null,
    text: isWayThere
      ? `Look at the way to ${subnet} first: route, VPN and VLAN of this computer, the router between`
      : `Look at what the machines of ${subnet} share first: the switch, its power and its uplink, the VLAN, the breaker of the rack`,
    command: null,
    fix: null,
    costs: null,
  };
  return incident('subnet', verdict, `${what}; ${costWords(members)}`, ordered, way === 'dead' ? [shared] : []);
}

function ofFirmware(firmware: string, members: readonly Judged[]): Incident {
  const ordered = worstFirst(members);
  const [{ verdict }] = ordered as [Judged, ...Judged[]];
  const sentence =
    members.length === 1
      ? verdict.sentence
      : `The update to ${firmware === '' ? 'another firmware' : firmware} took the API from ${machines(members.length)}; ${costWords(members)}`;
  return incident('firmware', verdict, sentence, ordered, []);
}

function ofCause(members: readonly Judged[]): Incident {
  const ordered = worstFirst(members);
  const [{ verdict }] = ordered as [Judged, ...Judged[]];
  const sentence =
    members.length === 1
      ? `${verdict.sentence}; ${costWords(members)}`
      : `${titleOf(verdict.code)} (${machines(members.length)}); ${costWords(members)}`;
  return incident('cause', verdict, sentence, ordered, []);
}

function incident(
  kind: Incident['kind'],
  { code, remedy }: Verdict,
  sentence: string,
  members: readonly Judged[],
  before: readonly Step[],
): Incident {
  const urgency = worstFirst(members)[0]?.diagnosis.urgency ?? 'unknown';
  return {
    kind,
    code,
    urgency,
    sentence: `${plainText(sentence)}.`,
    addresses: addressRanges(members.map(({ diagnosis }) => diagnosis.address)),
    remedy: [...before, ...remedy],
    diagnoses: members.map(({ diagnosis }) => diagnosis),
  };
}

const worstFirst = (members: readonly Judged[]): Judged[] =>
  members.toSorted(
    (a, b) => COSTLY[a.diagnosis.urgency] - COSTLY[b.diagnosis.urgency] || b.verdict.confidence - a.verdict.confidence,
  );

/** The verdict that most of them have. */
function commonest(members: readonly Judged[]): VerdictCode {
  const groups = [...by(members, ({ verdict }) => verdict.code).values()].sort((a, b) => b.length - a.length);
  return groups[0]?.[0]?.verdict.code ?? 'device.unknown';
}

const titleOf = (code: VerdictCode): string => RULES.find((rule) => rule.code === code)?.title ?? code;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const machines = (count: number): string => (count === 1 ? '1 machine' : `${count} machines`);

function costWords(members: readonly Judged[]): string {
  const count = (urgency: Diagnosis['urgency']) =>
    members.filter(({ diagnosis }) => diagnosis.urgency === urgency).length;
  const dead = count('dead');
  const hash = count('hashing-but-deaf') + count('healthy');
  const one = members.length === 1;
  if (dead === members.length)
    return one ? 'it does not hash, which costs money' : 'none of them hashes, which costs money';
  if (hash === members.length)
    return one ? 'it hashes, which costs nothing yet' : 'all of them hash, which costs nothing yet';
  const parts = [
    ...(dead > 0 ? [`${dead} of them ${dead === 1 ? 'does' : 'do'} not hash, which costs money`] : []),
    ...(hash > 0 ? [`${hash} of them ${hash === 1 ? 'hashes' : 'hash'}`] : []),
  ];
  if (parts.length === 0) return one ? 'whether it hashes is not known' : 'whether they hash is not known';
  return parts.join(', ');
}
