import { isIP } from 'node:net';
import type { Look } from '@headframe/model';
import { since } from '../links/limits.ts';
import { notSeen } from './exchanges.ts';
import { inTime } from './in-time.ts';
import type { Looking } from './options.ts';

/** One more than a program of the system may take. */
const LIMIT_MS = 3000;

/** Two packets, one by one: the first is often lost while the neighbour is being looked for. */
const ATTEMPTS = 2;

/**
 * Whether the address answers a ping of the system's own program: a hint only, as firewalls drop pings before they drop
 * anything else, and a machine that answers them may be dead otherwise.
 */
export async function pingHost(host: string, looking: Looking): Promise<Look<boolean>> {
  const { clock, deadline, system } = looking;
  if (isIP(host) === 0) return notSeen('the name leads to no address');
  const [program, ...args] = wordsOf(host, system.platform);
  const at = clock.now();
  const began = performance.now();
  const command = [program, ...args].join(' ');
  const sight = (value: boolean, line: string): Look<boolean> => ({
    value,
    at,
    ms: since(began),
    bytes: 0,
    line,
    command,
  });
  for (let attempt = 1; ; attempt++) {
    const said = await inTime(system.run(program, args), LIMIT_MS, deadline);
    if (said === 'ended') return notSeen('the examination ended before');
    if (said === null || said === 'late') return notSeen('the program ping is not there, or did not end within 2 s');
    const answer = answerOf(said.code, said.output, system.platform);
    if (answer === null) return notSeen(`the program ping could not ask (it ended with ${said.code})`);
    if (answer.answers) return sight(true, `ping: answered${answer.took}`);
    if (attempt === ATTEMPTS) return sight(false, `ping: no answer to ${ATTEMPTS} packets`);
  }
}

function wordsOf(host: string, platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'win32') return ['ping', '-n', '1', '-w', '1000', host];
  if (platform !== 'darwin') return ['ping', '-c', '1', '-W', '1', host];
  // Milliseconds there; its program for IPv6 has no limit of that kind.
  return isIP(host) === 6 ? ['ping6', '-c', '1', host] : ['ping', '-c', '1', '-W', '1000', host];
}

/** Null: it was not asked at all. */
function answerOf(
  code: number,
  output: string,
  platform: NodeJS.Platform,
): { readonly answers: boolean; readonly took: string } | null {
  const took = /[=<] ?(\d{1,6}(?:\.\d{1,6})?) ?ms/i.exec(output)?.[1];
  if (platform === 'win32') {
    // It ends with 0 also where a router says that there is no such host: only an answer has a time, in any language.
    if (code !== 0 && code !== 1) return null;
    return { answers: code === 0 && took !== undefined, took: took === undefined ? '' : ` in ${took} ms` };
  }
  if (code === 0) return { answers: true, took: took === undefined ? '' : ` in ${took} ms` };
  // iputils and BusyBox say 1 where nothing came back, the BSDs 2; 2 of iputils is an error of its own.
  const isSilence = platform === 'linux' ? code === 1 && !/permi|not permitted/i.test(output) : code === 2;
  return isSilence ? { answers: false, took: '' } : null;
}
