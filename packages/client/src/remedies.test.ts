import { families } from '@headframe/families';
import type { Family } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { remedyFor } from './remedies.ts';

function family(id: string): Family {
  const found = families.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no family ${id}`);
  return found;
}

describe('a connection that is closed without a byte', () => {
  test.each(['cgminer', 'antminer', 'luxos'])('is the address list of a cgminer on %s', (id) => {
    expect(remedyFor('link/closed-empty', family(id))).toContain('api-allow');
  });

  test('is taken for the address list of a cgminer where nothing is known', () => {
    expect(remedyFor('link/closed-empty')).toContain('api-allow');
  });

  test('is no matter of api-allow on a WhatsMiner, which has no such setting', () => {
    const remedy = remedyFor('link/closed-empty', family('whatsminer'));
    expect(remedy).not.toContain('api-allow');
    expect(remedy).toMatch(/does not serve our address.*4433.*ten/);
    expect(remedyFor('auth/address-not-allowed', family('whatsminer'))).not.toContain('api-allow');
  });

  test('is no matter of api-allow on an ethminer, whose silence is that of no single slot either', () => {
    expect(remedyFor('link/closed-empty', family('ethminer'))).not.toMatch(/api-allow|web server/);
    expect(remedyFor('link/timed-out-waiting', family('ethminer'))).toMatch(/hangs: restart it/);
    expect(remedyFor('link/timed-out-waiting')).toMatch(/only API slot/);
  });

  test('is its web server where a machine has a web page alone', () => {
    expect(remedyFor('link/closed-empty', family('elphapex'))).toContain('web server');
  });
});
