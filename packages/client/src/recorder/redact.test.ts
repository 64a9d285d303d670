import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redactor } from './redact.ts';

const runs = { seed: 20_261_120, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const redact = (text: string): string => new Redactor().text(text);

describe('what belongs to the owner is taken out', () => {
  test('the workers of pools: each becomes one of its own, the same one everywhere', () => {
    const text = '{"POOLS":[{"User":"satoshi.rig42"},{"User":"satoshi.rig43"},{"user":"satoshi.rig42","User":""}]}';
    expect(redact(text)).toBe(
      '{"POOLS":[{"User":"account.worker1"},{"User":"account.worker2"},{"user":"account.worker1","User":""}]}',
    );
  });

  test('passwords, whatever they are called', () => {
    const text = '{"pass":"hunter2","Password":"hunter2","_ant_pool1pw":"hunter2","apiToken":"hunter2"}';
    expect(redact(text)).not.toContain('hunter2');
  });

  test('MAC addresses, in each notation and case, also within other text', () => {
    const text = '{"macaddr":"A0:B1:C2:D3:E4:F5","mac":"a0b1c2d3e4f5","x":"eth0 a0-b1-c2-d3-e4-f5 up"}';
    const clean = redact(text);
    expect(clean).not.toMatch(/a0.?b1.?c2/i);
    expect(clean).toMatch(/"macaddr":"02(:[0-9A-F]{2}){5}","mac":"02[0-9a-f]{10}","x":"eth0 02(-[0-9a-f]{2}){5} up"/);
  });

  test('the same MAC address becomes the same other one', () => {
    const [first, second] = redact('["aa:bb:cc:dd:ee:ff","aa:bb:cc:dd:ee:ff"]').match(/02[^"]*/g) ?? [];
    expect(first).toBe(second);
  });

  test('serial numbers and chip ids keep their length and their kind', () => {
    const text = '{"serinum":"SMTTHJCB-12","sn":"28HY245","Chip ID":"0f-A9","serial":20461234}';
    const clean = redact(text);
    expect(clean).toMatch(
      /^\{"serinum":"[G-Z]{4}[A-Z]{4}-\d\d","sn":"\d\d[A-Z]{2}\d{3}","Chip ID":"\d[a-f]-[A-F]\d","serial":\d{8}\}$/,
    );
    expect(clean).not.toMatch(/SMTTHJCB|28HY245|20461234/);
  });

  test('the DNA and the network name in the long record of an Avalon', () => {
    const record = '{"MM ID0":"Ver[Q-1] DNA[020100001234abcd] SSID[Attic] MEMFREE[5444] SN1[77A] FAC[0]"}';
    const clean = redact(record);
    expect(clean).toMatch(
      /Ver\[Q-1\] DNA\[\d{12}[a-f]{4}\] SSID\[[A-F][g-z]{3}[a-f]\] MEMFREE\[5444\] SN1\[\d\d[A-F]\] FAC\[0\]/,
    );
    expect(clean).not.toMatch(/020100001234abcd|Attic/);
  });

  test('the ids, the contract and the lists of name servers of a BraiinsOS', () => {
    const text =
      '{"uid":"aBcD1234","hwid":"00ff11","contract_name":"Farm-12","default_gateway":"10.3.2.1","dns_servers":["10.3.2.2","9.9.9.9"],"id":"1"}';
    expect(redact(text)).toMatch(
      /^\{"uid":"[a-f][A-F][a-f][A-F]\d{4}","hwid":"\d\d[a-f][a-f]\d\d","contract_name":"[A-F][a-f][g-z]{2}-\d\d","default_gateway":"192\.0\.2\.1","dns_servers":\["192\.0\.2\.1","192\.0\.2\.1"\],"id":"1"\}$/,
    );
    expect(redact('{"addr":"10.3.2.9","prefix":24,"gwaddr":"10.3.2.1","dnsaddrs":["10.3.2.1"]}')).not.toContain('10.3');
  });

  test('names of hosts, addresses of the network and users within pool URLs', () => {
    const text =
      '{"hostname":"barn-7","ipaddress":"10.3.2.9","gateway":"10.3.2.1","url":"stratum+tcp://me:pw@pool.example:1"}';
    const clean = redact(text);
    expect(clean).not.toMatch(/barn-7|10\.3\.2|me:pw/);
    expect(clean).toContain('"url":"stratum+tcp://pool.example:1"');
  });

  test('the accounts, the addresses and the lists of serial numbers of an ePIC', () => {
    const text =
      '{"Current User":"satoshi.rig42","login":"satoshi.rig42","address":"10.3.2.9","Board Serial Numbers":["AB12","CD34"]}';
    expect(redact(text)).toMatch(
      /^\{"Current User":"account\.worker1","login":"account\.worker1","address":"192\.0\.2\.1","Board Serial Numbers":\["[A-F]{2}\d\d","[A-F]{2}\d\d"\]\}$/,
    );
    expect(redact('{"Data":["AB12"],"address":"pool street 1"}')).toBe('{"Data":["AB12"],"address":"pool street 1"}');
  });

  test('the salts, the token and the signature of a WhatsMiner, which a password could be tried out with', () => {
    const token = '{"Code":134,"Msg":{"timeout":"1800","time":"5626","salt":"BQ5hoXV9","newsalt":"jbzkfQls"}}';
    expect(redact(token)).toBe('{"Code":134,"Msg":{"timeout":"1800","time":"5626","salt":"x","newsalt":"x"}}');
    expect(redact('{"msg":{"salt":"uhCiDyVj"}}')).toBe('{"msg":{"salt":"x"}}');
    expect(redact('{"cmd":"set_led","token":"w.BNbkCV6n1aNWgiBWLzT/","sign":"w.BNbkCV6n1aNWgiBWLzT/"}')).toBe(
      '{"cmd":"set_led","token":"x","sign":"x"}',
    );
  });

  test('the serial numbers, pool accounts and passwords of a WhatsMiner, under the names of both its APIs', () => {
    const v2 =
      '{"minersn":"HTM30S33","powersn":"PW881","serial_no":"A1B2","PCB SN":"E40S1","passwd1":"hunter2","User":"me.rig"}';
    expect(redact(v2)).not.toMatch(/HTM30S33|PW881|A1B2|E40S1|hunter2|me\.rig/);
    const v3 =
      '{"miner-sn":"HTM60S44","pcbsn0":"BKM3C","sn":"50071","custom-sn":"RACK7A","account":"me.rig","old":"x","dns":"10.3.2.1"}';
    expect(redact(v3)).toMatch(
      /^\{"miner-sn":"[G-Z]{2}[G-Z]\d\d[G-Z]\d\d","pcbsn0":"[A-F][G-Z]{2}\d[A-F]","sn":"\d{5}","custom-sn":"[G-Z][A-F]{2}[G-Z]\d[A-F]","account":"account\.worker1","old":"x","dns":"192\.0\.2\.1"\}$/,
    );
    expect(redact('{"CustomerSn":"RACK7A"}')).not.toContain('RACK7A');
    // What is the same for every machine of its kind stays.
    const kind =
      '{"chipdata0":"K8EX001-2426 BINVE6-100000A","detect-hash-rate":"61434:53890:65727","type":"M60S_VK40"}';
    expect(redact(kind)).toBe(kind);
  });

  test('the accounts, the payees and the addresses of an AxeOS', () => {
    const text =
      '{"stratumUser":"bc1qexample.rig","fallbackStratumUser":"me.rig","ipv4":"10.3.2.9","ipv6":"fe80::a2b1:c2ff:fed3:e4f5","hostip":"10.3.2.9","coinbaseOutputs":[{"value":1,"address":"bc1q000000000000000000000000000000000000000"}]}';
    expect(redact(text)).toBe(
      '{"stratumUser":"account.worker1","fallbackStratumUser":"account.worker2","ipv4":"192.0.2.1","ipv6":"2001:db8::1","hostip":"192.0.2.1","coinbaseOutputs":[{"value":1,"address":"account.worker3"}]}',
    );
  });

  test('the accounts and the name of an ethminer, not the names of its GPUs', () => {
    const text =
      '{"connection":{"uri":"stratum://me.rig:pw@pool.example:1"},"devices":[{"hardware":{"name":"Ellesmere"}}],"host":{"name":"barn-7","version":"1"},"pools":[{"uri":"stratum://me.rig@pool.example:1","user":"me.rig"}]}';
    expect(redact(text)).toMatch(
      /^\{"connection":\{"uri":"stratum:\/\/account\.worker1:x@pool\.example:1"\},"devices":\[\{"hardware":\{"name":"Ellesmere"\}\}\],"host":\{"name":"[a-f][a-f][g-z]{2}-\d","version":"1"\},"pools":\[\{"uri":"stratum:\/\/account\.worker1@pool\.example:1","user":"account\.worker1"\}\]\}$/,
    );
  });

  test('in the text form too', () => {
    const text = 'STATUS=S,Code=7|POOL=0,URL=stratum+tcp://p:1,User=satoshi.rig42,Pass=hunter2,Last Share Time=5|\0';
    expect(redact(text)).toBe(
      'STATUS=S,Code=7|POOL=0,URL=stratum+tcp://p:1,User=account.worker1,Pass=x,Last Share Time=5|\0',
    );
  });

  test('of a broken reply, which stays as broken as it was', () => {
    const text = '{"STATS":[{"serial":"AB12"}{"User":"satoshi.rig42","pass":"hunter2",}],"User":"cut.sho';
    const clean = redact(text);
    expect(clean).toMatch(
      /^\{"STATS":\[\{"serial":"[A-F]{2}\d\d"\}\{"User":"account\.worker1","pass":"x",\}\],"User":"cut\.sho$/,
    );
  });
});

test('what a machine measures stays as it is, number for number', () => {
  const text =
    '{"SUMMARY":[{"Elapsed":50474,"GHS 5s":110566.89,"Accepted":4057,"temp":"60-60-70","Msg":"ok","chain_sn":""}]}';
  expect(redact(text)).toBe(text);
});

test('another recording replaces differently: two recordings of one machine cannot be matched', () => {
  expect(redact('{"sn":"12345678901234567890"}')).not.toBe(redact('{"sn":"12345678901234567890"}'));
});

test('whatever comes, it is redacted at once, and JSON stays JSON', () => {
  const key = fc.constantFrom('sn', 'Chip ID', 'User', 'Password', 'mac', 'DNA', 'Elapsed', 'uri', 'host');
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.constantFrom('SN[x://a@', 'x://a:b@c:1/@'),
  );
  const named = fc.dictionary(key, value).map((members) => JSON.stringify(members));
  fc.assert(
    fc.property(fc.oneof(fc.json(), named), (json) => {
      expect(() => JSON.parse(redact(json))).not.toThrow();
    }),
    runs,
  );
  for (const piece of ['"', '\\', '{"a":', 'DNA[', 'a=', '|', '00:', '"sn":1', '"sn":["a"', 'x://', 'x']) {
    expect(redact(piece.repeat(200_000 / piece.length)).length).toBeGreaterThan(0);
  }
});
