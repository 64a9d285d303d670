import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { passwordHashOf } from './sim-settings.ts';

/*
 * `setpool`: login of the web page, place, pool (`protocols.md` 4). Texts as in Canaan's A10 manual and in its published
 * source of the Nano 3S.
 */

/** What became of it, and in which words. */
export interface PoolSet {
  readonly ok: boolean;
  readonly text: string;
}

const refused = (text: string): PoolSet => ({ ok: false, text });

/** Takes `user,password,[place,]url,worker,password` for the next start. */
export function setPool(machine: AvalonMachine, setting: string, indexed: boolean): PoolSet {
  const parts = setting.split(',');
  const [user = '', password = ''] = parts;
  const [place, url, worker, pass = ''] = indexed ? parts.slice(2) : ['', ...parts.slice(2)];
  if (place === undefined || url === undefined || worker === undefined || url === '' || worker === '') {
    const wanted = indexed ? '5 | 6' : '5';
    return refused(`we need ${wanted} arguments, your input is ${setting === '' ? 0 : parts.length} arguments.`);
  }
  if (url.length > ASSUMED.longestUrl) return refused('The pool url length is too long.');
  if (worker.length > ASSUMED.longestUser) return refused('The pool user length is too long.');
  if (pass.length > ASSUMED.longestUser) return refused('The pool pass length is too long.');
  if (user !== machine.plan.login.user) return refused('username err');
  if (passwordHashOf(password) !== machine.kept.passwordHash) return refused('userpass err');
  const index = indexed ? Number(place) : ASSUMED.a10PoolPlace;
  if (!(Number.isInteger(index) && index >= 0 && index <= 2)) {
    return refused(`pool num must between 0 and 2 , your input is ${place}`);
  }
  machine.configurePool(index, { url, user: worker, pass });
  const named = indexed ? `pool ${index}` : 'pool';
  return {
    ok: true,
    text: `\n${named} success set to ${url}\nworker is ${worker}\nworkerpassword is ${pass}\nPlease reboot miner to make config work.\n`,
  };
}
