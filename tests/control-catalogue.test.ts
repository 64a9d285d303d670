import { existsSync, readFileSync } from 'node:fs';
import { createMiner } from '@headframe/client';
import { families } from '@headframe/families';
import { simulators } from '@headframe/families/sim';
import { ACTIONS, type Action, blankIdentity, type Identity } from '@headframe/model';
import { describe, expect, test } from 'vitest';

/*
 * What holds for the actions of every family. That each of them changes the machine, and is read back, is shown by the
 * family's own tests/control-<id>.test.ts; here it is held that none is left out there.
 */

const machines = simulators.flatMap(({ id, profiles }) =>
  profiles.map(({ name, label }) => ({
    id,
    name,
    identity: { ...blankIdentity(id), ...label, family: id } as Identity,
  })),
);

const capabilitiesOf = (id: string, identity: Identity) =>
  createMiner({ host: '127.0.0.1', family: id, identity }).capabilities;

describe.each(machines)('$id/$name', ({ id, identity }) => {
  test('says of every action of the vocabulary that it can, or why it cannot', () => {
    const said = capabilitiesOf(id, identity).filter(({ name }) => Object.hasOwn(ACTIONS, name));
    expect(said.map(({ name }) => name)).toEqual(Object.keys(ACTIONS));
    for (const { action, lacks } of said)
      expect((action === null) === (lacks !== null && lacks.length > 10)).toBe(true);
  });

  test('tells of every parameter what it is, what it takes, and where that comes from', () => {
    for (const { name, does, action } of capabilitiesOf(id, identity)) {
      expect(does.length, name).toBeGreaterThan(5);
      for (const [key, parameter] of Object.entries((action as Action | null)?.parameters ?? {})) {
        const where = `${name} ${key}`;
        expect(key, where).toMatch(/^[a-z][A-Za-z0-9]*$/);
        expect(parameter.about.length, where).toBeGreaterThan(2);
        expect(parameter.takes.length, where).toBeGreaterThan(1);
        expect(parameter.source.length, where).toBeGreaterThan(5);
        expect(parameter.read(Symbol('nothing')), where).toBeUndefined();
        // A file is never sent without its checksum.
        if (parameter.kind === 'file') expect(Object.keys(action?.parameters ?? {})).toContain('sha256');
      }
    }
  });
});

test.each(families.map(({ id }) => id))('every action of %s is run by its control test', (id) => {
  const names = new Set(
    machines
      .filter((machine) => machine.id === id)
      .flatMap(({ identity }) => capabilitiesOf(id, identity).filter(({ action }) => action !== null))
      .map(({ name }) => name.slice(name.lastIndexOf('.') + 1)),
  );
  if (names.size === 0) return;
  const file = new URL(`control-${id}.test.ts`, import.meta.url);
  expect(existsSync(file), `tests/control-${id}.test.ts`).toBe(true);
  const text = readFileSync(file, 'utf8');
  const missing = [...names].filter(
    (name) => !new RegExp(`['\`.]${name.replace('.', '\\.')}['\`]|\\b${name}:`).test(text),
  );
  expect(missing).toEqual([]);
});
