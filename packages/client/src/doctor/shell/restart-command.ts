import { INIT_SCRIPTS, MINING_PROGRAMS, PROGRAM_OF } from './firmware-facts.ts';

/**
 * The command that restarts the mining program on this machine: of the program that runs, else of the family's, else of
 * the first that there is (T-41). Null: none was found.
 * @param init what `ls` found of the scripts
 * @param units what `systemctl list-unit-files` lists of them
 */
export function restartCommandOf(
  init: string,
  units: string,
  running: ReadonlySet<string>,
  family: string | null,
): string | null {
  const there = new Set(init.split('\n').map((line) => line.trim()));
  const scripts = INIT_SCRIPTS.filter((path) => there.has(path)).map((path) => ({
    program: programOf(path),
    command: `${path} restart`,
  }));
  const services = MINING_PROGRAMS.filter((name) =>
    new RegExp(`^${name}\\.service\\s+(?!masked)`, 'm').test(units),
  ).map((program) => ({ program, command: `systemctl restart ${program}` }));
  // On a machine of systemd a script of the same name hands over to it.
  const all = [...services, ...scripts];
  const own = family === null ? undefined : PROGRAM_OF[family];
  const chosen =
    all.find(({ program }) => running.has(program)) ?? all.find(({ program }) => program === own) ?? all[0];
  return chosen?.command ?? null;
}

const programOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.sh$/, '');
