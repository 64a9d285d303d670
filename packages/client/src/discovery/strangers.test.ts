import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameStranger, type StrangerFacts } from './strangers.ts';

const runs = { seed: 20_261_120, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const web = (facts: Partial<StrangerFacts>) => nameStranger({ port: 80, status: 200, ...facts });

describe('what is no miner is named and left alone', () => {
  test.each<[Partial<StrangerFacts>, string]>([
    [{ server: 'HP HTTP Server; HP LaserJet Pro M404dn - W1A53A' }, 'a printer (HP)'],
    [{ server: 'EPSON_Linux UPnP/1.0 Epson UPnP SDK/1.0' }, 'a printer (Epson)'],
    [{ server: 'debut/1.30', title: 'Brother MFC-L2710DW series' }, 'a printer (Brother)'],
    [{ title: 'hue personal wireless lighting' }, 'a lamp bridge (Philips Hue)'],
    [{ title: 'FRITZ!Box' }, 'a router (FRITZ!Box)'],
    [{ title: 'RouterOS router configuration page' }, 'a router (MikroTik)'],
    [{ status: 401, realm: 'TP-LINK Wireless N Router WR841N' }, 'a router (TP-Link)'],
    [{ status: 401, realm: 'RT-AX58U' }, 'a router (ASUS)'],
    [{ server: 'App-webs/' }, 'a camera (Hikvision)'],
    [{ status: 401, realm: 'AXIS_00408C123456' }, 'a camera (Axis)'],
    [{ title: 'Synology DiskStation' }, 'a NAS (Synology)'],
    [{ title: 'pve - Proxmox Virtual Environment' }, 'a server (Proxmox)'],
    [{ server: 'Mongoose/6.18', title: 'Shelly Switch' }, 'a smart plug or relay (Shelly)'],
  ])('%j', (facts, what) => {
    expect(web(facts)).toEqual({ what, isMiner: false });
  });
});

describe('a miner that no family supports yet, or cannot reach, is named as what it is', () => {
  test.each<[Partial<StrangerFacts>, string]>([
    [{ title: 'AxeOS' }, 'a Bitaxe (AxeOS); not supported yet'],
    [{ text: '{"ASICModel":"BM1368","hostname":"bitaxe"}' }, 'a Bitaxe (AxeOS); not supported yet'],
    [{ title: 'NerdQAxe++' }, 'a NerdAxe or NerdQAxe; not supported yet'],
    [{ title: 'Braiins OS' }, 'a miner with Braiins OS; not supported yet'],
    [{ title: 'AnthillOS' }, 'a miner with VNish; not supported yet'],
    [{ title: 'Miner Web Dashboard' }, 'an ePIC miner (its API on port 4028 tells nothing of it)'],
    [
      { title: 'DCENT_OS' },
      'a miner with DCENT_OS (port 4028 answers the machine itself alone until cgminer_bind_lan = true is in [api] of its /data/dcentrald.toml)',
    ],
    [{ status: 401, realm: 'blackMiner Configuration' }, 'a Hammer or VolcMiner; not supported yet'],
    [{ versionKeys: ['API', 'BOSminer+'] }, 'a miner with Braiins OS; not supported yet'],
    [{ versionKeys: ['API', 'BOSer'] }, 'a miner with Braiins OS; not supported yet'],
    [{ refusal: { code: '14', statusIsText: true } }, 'a WhatsMiner; not supported yet'],
  ])('%j', (facts, what) => {
    expect(web(facts)).toEqual({ what, isMiner: true });
  });

  test('HTTP on the port of the cgminer API is an ePIC miner', () => {
    expect(nameStranger({ port: 4028, status: 404 })).toEqual({
      what: 'an ePIC miner (its API on port 4028 tells nothing of it)',
      isMiner: true,
    });
  });

  test('a refusal with the usual STATUS is any cgminer, not a WhatsMiner', () => {
    expect(nameStranger({ port: 4028, refusal: { code: '14', statusIsText: false } })).toBeNull();
  });
});

test('the web interface of OpenWrt is shared by routers and WhatsMiners, and is told as such', () => {
  const text = '<meta http-equiv="refresh" content="0; URL=/cgi-bin/luci/">';
  expect(web({ text })).toEqual({ what: 'an OpenWrt device: a router or a WhatsMiner', isMiner: null });
});

test('a page without a word that we know has no name', () => {
  expect(web({ title: 'Welcome', server: 'nginx' })).toBeNull();
  expect(nameStranger({ port: 80 })).toBeNull();
});

test('whatever a device says, naming it ends at once and gives a name or none', () => {
  const text = fc.string({ maxLength: 300 });
  fc.assert(
    fc.property(text, text, text, text, (server, realm, title, body) => {
      const named = web({ server, realm, title, text: body });
      expect(named === null || named.what.length > 0).toBe(true);
    }),
    runs,
  );
});
