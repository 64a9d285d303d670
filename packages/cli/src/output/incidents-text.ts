import type { Incident } from '@headframe/diagnosis';
import { oneLine, wrap } from './plain-text.ts';

const COSTS: Readonly<Record<Incident['urgency'], string>> = {
  dead: 'COSTS MONEY',
  unknown: 'MAY COST MONEY',
  'hashing-but-deaf': 'costs nothing yet',
  healthy: 'costs nothing',
};

/** So many ranges are shown; a cause that is scattered over a farm would fill the screen. */
const MOST_RANGES = 12;

/**
 * What happened on a farm, for the technician: how many are well, then each incident with what it costs, where, and the
 * first thing to do about it. What costs money stands first. At most 80 columns but for commands, which stay whole.
 * @param examined how many machines there are, the healthy ones with them
 */
export function incidentsText(incidents: readonly Incident[], examined: number): string {
  return [counts(incidents, examined), ...incidents.map(incidentText)].join('\n');
}

function counts(incidents: readonly Incident[], examined: number): string {
  const ill = incidents.reduce((sum, { diagnoses }) => sum + diagnoses.length, 0);
  const healthy = examined - ill;
  const head = `${many(examined, 'machine')} examined`;
  if (ill === 0) {
    return wrap(examined === 0 ? `${head}.` : `${head}: ${examined === 1 ? 'it is' : 'all are'} healthy.`, '');
  }
  const of = (urgency: Incident['urgency']) => incidents.filter((one) => one.urgency === urgency).length;
  const parts = [
    [of('dead'), 'costs money', 'cost money'],
    [of('unknown'), 'may cost money', 'may cost money'],
    [of('hashing-but-deaf'), 'costs nothing yet', 'cost nothing yet'],
  ] as const;
  const costs = parts.flatMap(([count, one, more]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : more}`]));
  const wells = healthy === 0 ? 'none healthy' : `${number(healthy)} healthy`;
  return wrap(`${head}: ${wells}, ${many(incidents.length, 'cause')} (${costs.join(', ')}).`, '');
}

function incidentText({ code, urgency, sentence, addresses, remedy, diagnoses }: Incident): string {
  const [first] = diagnoses;
  const [step, ...more] = remedy;
  const rest = addresses.length - MOST_RANGES;
  const shown = addresses.slice(0, MOST_RANGES).join(', ');
  const whole = first === undefined ? '' : `headframe doctor ${first.address}`;
  return [
    `${COSTS[urgency]}  ${code}\n`,
    wrap(sentence, '  '),
    wrap(`${rest > 0 ? `${shown} and ${many(rest, 'further range')}` : shown}`, '  At: ', '      '),
    step === undefined ? '' : wrap(firstSentence(step.text), '  Do: ', '      '),
    step?.command == null ? '' : `      $ ${oneLine(step.command)}\n`,
    step?.costs == null ? '' : wrap(`Costs: ${step.costs}`, '      '),
    whole === '' ? '' : `  ${more.length === 0 ? 'All' : `${many(more.length, 'further step')}`}: ${oneLine(whole)}\n`,
  ].join('');
}

/** The whole of it stands in the diagnosis of one machine. */
const firstSentence = (text: string): string => /^.+?[a-z)](?=\. [A-Z])/.exec(text)?.[0] ?? text;

const number = (count: number): string => count.toLocaleString('en-US');
const many = (count: number, thing: string): string => `${number(count)} ${thing}${count === 1 ? '' : 's'}`;
