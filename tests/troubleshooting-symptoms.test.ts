import { diagnose, familyFacts, VERDICTS } from '@headframe/diagnosis';
import type { Examination } from '@headframe/model';
import { findHardware } from '@headframe/model/hardware';
import { describe, expect, test } from 'vitest';
import {
  apiIs,
  as,
  asked,
  askedAll,
  bitaxe,
  DAY,
  deaf,
  examination,
  FROZEN_FIELDS,
  failing,
  from,
  history,
  page,
  pool,
  samples,
  shell,
  updated,
} from '../packages/diagnosis/src/examination.testing.ts';

/*
 * The head and the symptoms of the troubleshooting document: what a person sees, as it looks to the doctor, and the row of
 * the decision table that it leads to. That the doctor sees it so on real sockets is in tests/doctor.
 */

const first = (seen: Examination) => diagnose(seen).verdicts[0];

/** The cause that comes first, with its row. */
function leadsTo(seen: Examination, code: string, row: number): void {
  const verdict = first(seen);
  expect({ code: verdict?.code, row: verdict?.row }, verdict?.sentence).toEqual({ code, row });
}

describe('the head of the document', () => {
  test('T-01 a machine that the pool sees hashing costs nothing yet; one without shares costs money', () => {
    expect(diagnose(failing('silent', { pool: pool(42) }))).toMatchObject({ urgency: 'hashing-but-deaf' });
    expect(diagnose(failing('silent', { pool: pool(42) })).sentence).toMatch(
      /^It hashes \(.*42 s.*\) and is deaf, which costs nothing yet\. /,
    );
    expect(diagnose(failing('silent', { pool: pool(900) }))).toMatchObject({ urgency: 'dead' });
    expect(diagnose(failing('silent', { pool: pool(900) })).sentence).toMatch(/^It does not hash .*costs money\. /);
  });

  test('T-02 port 4028 for Antminer, WhatsMiner and Avalon, 80 for Bitaxe and NerdAxe', () => {
    const ports = ['antminer', 'whatsminer', 'avalon', 'axeos', 'nerdqaxe'].map((id) => familyFacts(id).port);
    expect(ports).toEqual([4028, 4028, 4028, 80, 80]);
    expect(familyFacts('axeos').speaks).toBe('http');
  });

  test.each<[string, Examination, number[]]>([
    ['its program is wedged', failing('silent'), [10]],
    ['an upgrade changed api-allow', failing('closed-empty', { history: updated }), [13, 8]],
    ['the network blocks 4028', deaf('timed-out', { vantage: [from('timed-out')] }), [6]],
    ['our firewall blocks 4028', deaf('timed-out', { vantage: [from('open')] }), [5]],
    ['its resources are used up', failing('silent', { shell: shell({ freeMemoryMb: 12 }) }), [12]],
  ])('T-03 of the four causes: %s', (_, seen, rows) => {
    expect(diagnose(seen).verdicts.map(({ row }) => row)).toEqual(expect.arrayContaining(rows));
    expect(first(seen)?.row).toBe(rows[0]);
  });

  const ANTMINERS =
    'S9, S9j, S9k, L3+, L7, T17, S17, S17 Pro, T19, S19, S19 Pro, S19j, S19j Pro, S19 XP, S19 XP Hydro, S19k Pro, S21, S21 Pro, S21 XP, T21';

  test('T-04 the 20 Antminers are in the catalogue; no table has the S9k, whose cause is named all the same', () => {
    const models = ANTMINERS.split(', ').map((name) => `Antminer ${name}`);
    expect(models).toHaveLength(20);
    expect(models.filter((model) => findHardware(model)?.model !== model)).toEqual(['Antminer S9k']);
    leadsTo(failing('silent', { subject: { ...as('antminer'), model: 'Antminer S9k' } }), 'api.blocked', 10);
  });

  test('T-05 WhatsMiner, Avalon and the boards of AxeOS as well; no table has the A1366', () => {
    const names = ['WhatsMiner M30S VE10', 'WhatsMiner M50 VG30', 'WhatsMiner M60S VK10', 'Avalon 1246', 'Avalon 1366'];
    const boards = [
      findHardware('Bitaxe Gamma', 'Bitaxe'),
      findHardware('NerdAxe', 'NerdAxe'),
      findHardware('NerdQAxe', 'NerdAxe'),
    ];
    const found = [...names.map((name) => findHardware(name)), ...boards];
    expect(found.map((one) => one?.model)).toEqual([
      'WhatsMiner M30S',
      'WhatsMiner M50',
      'WhatsMiner M60S',
      'Avalon 1246',
      undefined,
      'Bitaxe Gamma',
      'NerdAxe',
      'NerdQAxe',
    ]);
    leadsTo(failing('silent', { subject: { ...as('avalon'), model: 'Avalon 1366' } }), 'api.blocked', 10);
  });
});

describe('a symptom of the document', () => {
  test('T-06 the monitor says offline: with our own answer the monitor is at fault, else the telemetry', () => {
    leadsTo(examination({ told: { monitorSaysOffline: true } }), 'monitor.at-fault', 2);
    const silent = examination({
      ...failing('silent'),
      ports: {},
      api: [],
      again: [],
      told: { monitorSaysOffline: true },
    });
    expect(diagnose(silent).verdicts.map(({ row }) => row)).toContain(1);
  });

  test('T-07 nc -zv: refused is row 7; hanging is row 5 where another host gets through, row 6 where none does', () => {
    leadsTo(deaf('refused'), 'api.not-listening', 7);
    leadsTo(deaf('timed-out', { vantage: [from('open')] }), 'own-host.firewall', 5);
    leadsTo(deaf('timed-out', { vantage: [from('timed-out')] }), 'network.filtered', 6);
  });

  test('T-08 curl: (7) failed to connect to an AxeOS is row 16', () => {
    leadsTo(bitaxe('refused'), 'axeos.refused', 16);
  });

  test('T-09 curl: (28) timed out on an AxeOS is row 17', () => {
    leadsTo(bitaxe('timed-out'), 'axeos.timed-out', 17);
  });

  test('T-10 summary through nc: closed at once, refused with 45, and silent are three causes', () => {
    leadsTo(failing('closed-empty'), 'api.address-not-allowed', 8);
    const only = [...askedAll('answered'), asked('config', 'denied', { vendorCode: '45' })];
    leadsTo(examination({ subject: as('cgminer'), api: only }), 'api.factory-list', 9);
    leadsTo(failing('silent'), 'api.blocked', 10);
  });

  test('T-11 the page on 80 lives, 4028 is refused', () => {
    leadsTo(deaf('refused', { page: page({ status: 200, realm: null }) }), 'api.not-listening', 7);
  });

  test('T-12 deaf since a firmware update', () => {
    leadsTo(deaf('refused', { history: updated }), 'firmware.update-broke-api', 13);
  });

  test('T-13 silent after more than 60 days; 59 are none', () => {
    leadsTo(failing('silent', { history: history({ lastUptimeS: 61 * DAY }) }), 'resource.exhausted', 12);
    leadsTo(failing('silent', { history: history({ lastUptimeS: 59 * DAY }) }), 'api.blocked', 10);
  });

  test('T-14 nmap: filtered is row 6, closed is row 7', () => {
    leadsTo(deaf('timed-out', { ports: apiIs('timed-out'), vantage: [from('timed-out')] }), 'network.filtered', 6);
    leadsTo(deaf('refused', { ports: apiIs('refused') }), 'api.not-listening', 7);
  });

  test('T-15 HW%, temperatures and fans stand still while its clock goes on', () => {
    leadsTo(examination({ samples: samples(60, FROZEN_FIELDS) }), 'telemetry.frozen', 18);
  });

  test('T-16 version and summary are fine; stats is cut, devs and pools are empty', () => {
    const api = [
      asked('version'),
      asked('summary'),
      asked('stats', 'partial', { bytes: 4095 }),
      asked('devs', 'answered', { isEmpty: true }),
      asked('pools', 'answered', { isEmpty: true }),
    ];
    leadsTo(examination({ api }), 'reply.partial', 14);
  });

  test('T-17 EOF after weeks of polling every 30 s or every 60 s, and not every 61 s', () => {
    const polled = (pollEveryS: number) =>
      diagnose(failing('closed-empty', { history: history({ lastUptimeS: 30 * DAY, pollEveryS }) })).verdicts.map(
        ({ code }) => code,
      );
    expect(polled(30)).toContain('resource.exhausted');
    expect(polled(60)).toContain('resource.exhausted');
    expect(polled(61)).not.toContain('resource.exhausted');
  });

  test.each([401, 403])('T-18 HTTP %i is a lock, after an upgrade the upgrade; on 4028 neither is known', (status) => {
    const api = [asked('GET /cgi-bin/stats.cgi', 'denied', { error: 'auth/rejected', vendorCode: String(status) })];
    const locked = failing('denied', { subject: as('elphapex', 80), api, again: [] });
    leadsTo(locked, 'http.locked', 15);
    leadsTo({ ...locked, history: updated }, 'firmware.update-broke-api', 13);
  });

  test.each(['API bind to port 4028 failed: Address already in use', 'API listen failed'])(
    'T-19 a log with "%s" says why nothing listens',
    (line) => {
      const seen = deaf('refused', { shell: shell({ logLines: [line] }) });
      leadsTo(seen, 'api.not-listening', 7);
      expect(first(seen)?.confidence).toBeGreaterThan(first(deaf('refused'))?.confidence ?? 1);
    },
  );
});

test('every row that a symptom leads to is one of the 21', () => {
  const rows = Object.values(VERDICTS).filter((row) => row !== null);
  expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
});
