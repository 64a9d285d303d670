import { type Examination, HIGH_CLOSED_PORT } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import {
  as,
  asked,
  askedAll,
  BAD_BOOT,
  bitaxe,
  DAY,
  dead,
  deaf,
  examination,
  FROZEN_FIELDS,
  failedAt,
  failing,
  from,
  HOUR,
  held,
  history,
  neighbour,
  not,
  own,
  page,
  pool,
  ports,
  samples,
  seen,
  shell,
  uart,
  updated,
} from './examination.testing.ts';
import type { VerdictCode } from './rule.ts';

/** The first verdict, and how sure it has to be at least and at most. */
const FIRST: [what: string, examination: Examination, code: VerdictCode, least: number, most: number][] = [
  ['a stock S19 answers everything', examination(), 'healthy', 0.9, 1],
  [
    'a stock S19 refuses config and devdetails with 45',
    examination({
      api: [
        ...askedAll('answered'),
        asked('config', 'denied', { vendorCode: '45' }),
        asked('devdetails', 'denied', { vendorCode: '45' }),
      ],
    }),
    'healthy',
    0.9,
    1,
  ],
  ['a paused machine answers', examination({ state: seen('paused') }), 'healthy', 0.85, 1],
  [
    'a sleeping Antminer has empty records',
    examination({ state: seen('idle'), api: [asked('version'), asked('summary', 'answered', { isEmpty: true })] }),
    'healthy',
    0.85,
    1,
  ],
  [
    'its web page wants a login and none was given',
    examination({
      api: [
        ...askedAll('answered'),
        asked('GET /cgi-bin/summary.cgi', 'denied', { error: 'auth/required', vendorCode: '401' }),
      ],
    }),
    'healthy',
    0.85,
    1,
  ],
  ['it has little memory left and answers', examination({ shell: shell({ freeMemoryMb: 12 }) }), 'healthy', 0.85, 1],
  [
    'it was refused at first and answered after a wait',
    deaf('refused', { again: askedAll('answered') }),
    'healthy',
    0.6,
    0.9,
  ],
  [
    'a monitor says offline and we are answered',
    examination({ told: { monitorSaysOffline: true } }),
    'monitor.at-fault',
    0.85,
    0.95,
  ],
  ['a monitor holds nine sockets', examination({ own: held(9) }), 'monitor.at-fault', 0.85, 0.95],
  [
    'a monitor leaves one connection in CLOSE_WAIT',
    examination({ own: held(1, 'CLOSE-WAIT') }),
    'monitor.at-fault',
    0.85,
    0.95,
  ],
  ['our own leftover sockets are no monitor', examination({ own: held(1, 'CLOSE_WAIT', null) }), 'healthy', 0.9, 1],
  ['nothing of it answers and the pool has a share of 42 s ago', dead({ pool: pool(42) }), 'telemetry.only', 0.8, 0.9],
  [
    'its MAC is at another address',
    dead({ neighbour: neighbour({ mac: null, expectedMacAt: '10.0.4.77' }) }),
    'address.moved',
    0.9,
    1,
  ],
  [
    'its name leads to another host, which refuses',
    deaf('refused', {
      name: seen({ given: 'rig7.lan', addresses: ['10.0.4.21'], expected: '10.0.4.99' }),
      neighbour: not('behind a router'),
    }),
    'address.moved',
    0.75,
    0.85,
  ],
  [
    'a printer answers at its address',
    deaf('refused', {
      page: page({ status: 200, realm: null, isMiner: false, stranger: 'a printer (HP)' }),
      neighbour: not('behind a router'),
    }),
    'address.taken',
    0.8,
    0.95,
  ],
  [
    'a printer answers at its address and its MAC is elsewhere',
    deaf('refused', {
      page: page({ status: 200, realm: null, isMiner: false, stranger: 'a printer (HP)' }),
      neighbour: neighbour({
        mac: '00:11:85:00:00:01',
        vendor: 'HP',
        isMinerVendor: false,
        expectedMacAt: '10.0.4.77',
      }),
    }),
    'address.taken',
    0.9,
    1,
  ],
  [
    'a rule of our own firewall drops 4028',
    deaf('timed-out', { own: own({ firewallRules: ['tcp dport 4028 drop'] }) }),
    'own-host.firewall',
    0.93,
    0.97,
  ],
  [
    'a rule of our own firewall rejects 4028',
    deaf('refused', { own: own({ firewallRules: ['tcp dport 4028 reject'] }) }),
    'own-host.firewall',
    0.93,
    0.97,
  ],
  [
    '4028 is silent here and open elsewhere',
    deaf('timed-out', { vantage: [from('open')] }),
    'own-host.firewall',
    0.88,
    0.92,
  ],
  [
    '4028 is silent here and elsewhere',
    deaf('timed-out', { vantage: [from('timed-out')] }),
    'network.filtered',
    0.93,
    0.97,
  ],
  [
    '4028 is silent and nobody else looked',
    deaf('timed-out', { own: own({ firewallRules: null }) }),
    'network.filtered',
    0.65,
    0.75,
  ],
  ['4028 is refused and the page answers', deaf('refused'), 'api.not-listening', 0.85, 0.95],
  [
    '4028 is refused and its log says Address already in use',
    deaf('refused', { shell: shell({ logLines: ['API bind to port 4028 failed: Address already in use'] }) }),
    'api.not-listening',
    0.95,
    1,
  ],
  ['a DCENT_OS as shipped', deaf('refused', { subject: as('dcent') }), 'api.not-listening', 0.85, 0.95],
  [
    'an ethminer without --api-bind',
    deaf('refused', {
      subject: as('ethminer', 3333),
      ports: ports({ 3333: 'refused', 80: 'refused', [HIGH_CLOSED_PORT]: 'refused' }),
      page: not('refused'),
    }),
    'api.not-listening',
    0.85,
    0.95,
  ],
  ['4028 closes with 0 bytes', failing('closed-empty'), 'api.address-not-allowed', 0.88, 0.95],
  [
    'a WhatsMiner closes with 0 bytes',
    failing('closed-empty', { subject: as('whatsminer') }),
    'api.address-not-allowed',
    0.6,
    0.7,
  ],
  [
    'a cgminer refuses config with 45',
    examination({
      subject: as('cgminer'),
      api: [...askedAll('answered'), asked('config', 'denied', { vendorCode: '45' })],
    }),
    'api.factory-list',
    0.88,
    0.95,
  ],
  ['4028 accepts and is silent', failing('silent'), 'api.blocked', 0.88, 0.92],
  [
    'it answers once and then hangs',
    failing('silent', { api: [asked('version'), asked('summary', 'silent'), asked('stats', 'silent')], again: [] }),
    'api.blocked',
    0.7,
    0.95,
  ],
  [
    'it is silent and failed twice at 60-96 h',
    failing('silent', { history: failedAt(72 * HOUR, 80 * HOUR) }),
    'resource.leak-periodic',
    0.88,
    0.95,
  ],
  [
    'it is silent after 61 days',
    failing('silent', { history: history({ lastUptimeS: 61 * DAY }) }),
    'resource.exhausted',
    0.7,
    0.85,
  ],
  [
    'it closes after weeks of polling every 30 s',
    failing('closed-empty', { history: history({ lastUptimeS: 70 * DAY, pollEveryS: 30 }) }),
    'resource.exhausted',
    0.7,
    0.85,
  ],
  ['19 MB are free', failing('silent', { shell: shell({ freeMemoryMb: 19 }) }), 'resource.exhausted', 0.95, 0.95],
  ['/tmp is 91 % full', failing('silent', { shell: shell({ tmpUsedPercent: 91 }) }), 'resource.exhausted', 0.95, 0.95],
  ['4028 is refused since an update', deaf('refused', { history: updated }), 'firmware.update-broke-api', 0.85, 0.9],
  [
    '4028 is refused since an update that a person tells of',
    deaf('refused', { told: { firmwareUpdated: true } }),
    'firmware.update-broke-api',
    0.75,
    0.82,
  ],
  [
    '4028 closes with 0 bytes since an update',
    failing('closed-empty', { history: updated }),
    'firmware.update-broke-api',
    0.85,
    0.9,
  ],
  [
    'an Elphapex wants a login since an update',
    failing('denied', {
      subject: as('elphapex', 80),
      history: updated,
      api: [asked('GET /cgi-bin/stats.cgi', 'denied', { error: 'auth/rejected', vendorCode: '401' })],
      again: [],
    }),
    'firmware.update-broke-api',
    0.85,
    0.9,
  ],
  [
    'stats is cut',
    examination({ api: [asked('version'), asked('summary'), asked('stats', 'partial', { bytes: 4095 })] }),
    'reply.partial',
    0.85,
    0.95,
  ],
  [
    'stats is empty on a machine that hashes',
    examination({ api: [asked('summary'), asked('stats', 'answered', { isEmpty: true })] }),
    'reply.partial',
    0.8,
    0.9,
  ],
  [
    'a Bitaxe does not take our address',
    bitaxe('open', {
      api: [asked('GET /api/system/info', 'denied', { error: 'auth/address-not-allowed', vendorCode: '401' })],
    }),
    'http.locked',
    0.9,
    0.95,
  ],
  [
    'an ethminer answers a ping and not its state',
    failing('silent', { subject: as('ethminer', 3333), ethminer: seen({ pingAnswered: true, statAnswered: false }) }),
    'http.locked',
    0.7,
    0.79,
  ],
  ['a Bitaxe refuses', bitaxe('refused'), 'axeos.refused', 0.85, 0.95],
  ['a Bitaxe times out', bitaxe('timed-out'), 'axeos.timed-out', 0.8, 0.9],
  [
    'a Bitaxe with a weak Wi-Fi times out',
    bitaxe('timed-out', { axe: seen({ statusWithoutOrigin: null, statusWithOrigin: null, rssiDbm: -82 }) }),
    'axeos.timed-out',
    0.88,
    0.95,
  ],
  [
    'a Bitaxe accepts and is silent',
    bitaxe('open', { api: [asked('GET /api/system/info', 'silent')] }),
    'axeos.timed-out',
    0.8,
    0.9,
  ],
  [
    'its values stand still for 60 s',
    examination({ samples: samples(60, FROZEN_FIELDS) }),
    'telemetry.frozen',
    0.88,
    0.92,
  ],
  ['its values stand still for 2 s', examination({ samples: samples(2, FROZEN_FIELDS) }), 'healthy', 0.7, 0.9],
  [
    'a paused machine stands still',
    examination({ state: seen('paused'), samples: samples(60, FROZEN_FIELDS) }),
    'healthy',
    0.7,
    1,
  ],
  ['nothing of it answers and it has no shares', dead(), 'machine.dead', 0.88, 0.95],
  [
    'nothing of it answers and nobody asked the pool',
    dead({ pool: not('no account was given') }),
    'machine.dead',
    0.5,
    0.7,
  ],
  ['its serial console shows squashfs errors', dead({ uart: BAD_BOOT }), 'board.boot-storage', 0.9, 0.95],
  ['its serial console is silent', dead({ uart: uart({ lines: 0, isSilent: true }) }), 'board.boot-storage', 0.7, 0.8],
  ['all three of step 16', dead({ uart: BAD_BOOT, told: { reflashFailed: true } }), 'board.to-repair', 0.93, 1],
  [
    'we have no route',
    dead({ own: own({ hasRoute: false, gatewayAnswers: null, neighboursAnswering: null }) }),
    'own-network.down',
    0.93,
    0.97,
  ],
  [
    'gateway and neighbours are silent and the pool has shares',
    dead({ pool: pool(42), own: own({ gatewayAnswers: false, neighboursAnswering: { answered: 0, of: 4 } }) }),
    'own-network.down',
    0.88,
    0.95,
  ],
  [
    '4028 speaks another protocol',
    failing('foreign', { subject: { ...as('cgminer'), by: 'assumed', family: null }, page: not('refused') }),
    'device.unknown',
    0.5,
    0.75,
  ],
  ['the machine reports a fault', examination({ state: seen('fault') }), 'device.unknown', 0.5, 0.85],
];

describe('the first verdict', () => {
  test.each(FIRST)('%s', (_, examined, code, least, most) => {
    const { verdicts, sentence } = diagnose(examined);
    const [first] = verdicts;
    expect({ code: first?.code, sentence }).toMatchObject({ code });
    expect(first?.confidence).toBeGreaterThanOrEqual(least);
    expect(first?.confidence).toBeLessThanOrEqual(most);
    expect(first?.because.length).toBeGreaterThan(0);
    expect(first?.wouldChange).not.toBe('');
  });

  test('every verdict code is the first of some machine', () => {
    expect(new Set(FIRST.map(([, , code]) => code)).size).toBe(24);
  });

  test('a healthy machine has no second verdict', () => {
    for (const [, examined, code] of FIRST.filter(([, , first]) => first === 'healthy')) {
      expect(diagnose(examined).verdicts.map((verdict) => verdict.code)).toEqual([code]);
    }
  });
});
