import { type Identity, machineName, type Prepared } from '@headframe/model';
import { type NamedAction, wordsOf } from './find-action.ts';

const HASHING = {
  unchanged: 'goes on',
  interrupted: 'is interrupted',
  stopped: 'stops until it is resumed',
} as const;

/** What a person reads before an action is run. */
export function previewOf(
  { name, action, kind }: NamedAction,
  { steps, readBack, notes = [] }: Prepared,
  requests: readonly string[],
  identity: Identity,
  address: string,
): string {
  const who = [machineName(identity.make, identity.model), identity.firmware, identity.firmwareVersion].filter(
    (word) => word !== null,
  );
  const lines: [string, string][] = [
    ['Does', kind.does],
    ['Hashing', HASHING[kind.hashing]],
  ];
  if (action.takes !== undefined) lines.push(['Takes', action.takes]);
  if (action.lasting !== undefined) lines.push(['Lasting', action.lasting]);
  if (action.guarded !== undefined) lines.push(['Guarded', action.guarded]);
  for (const note of notes) lines.push(['Note', note]);
  if (steps.length > 0) {
    lines.push(['Result', 'never' in readBack ? `not read back: ${readBack.never}` : readBackText(readBack)]);
  }
  for (const request of requests) lines.push(['Sends', request.replaceAll('\n', '\n           ')]);
  const body = lines.map(([head, text]) => `  ${head.padEnd(8)} ${text}`);
  return [`${wordsOf(name)} on ${address}${who.length === 0 ? '' : ` (${who.join(' ')})`}`, ...body].join('\n');
}

const readBackText = ({ looksAt, withinMs }: { readonly looksAt: string; readonly withinMs: number }): string =>
  `read back from ${looksAt}${withinMs > 10_000 ? `, for up to ${Math.round(withinMs / 1000)} s` : ''}`;
