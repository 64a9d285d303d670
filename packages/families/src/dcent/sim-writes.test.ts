import { describe, expect, test } from 'vitest';
import {
  AT,
  ask,
  code,
  type Doc,
  device,
  first,
  logon,
  MINUTE,
  message,
  number,
  restarted,
  SECOND,
  unlocked,
} from './sim.testing.ts';

const urls = (doc: Doc): unknown[] => (doc.POOLS ?? []).map((pool) => pool.URL);

describe('restart', () => {
  test('needs no session, answers with 22, ends the daemon 2 s later and begins a new run', () => {
    const machine = device();
    expect(code(ask(machine, 'restart'))).toEqual(['S', 22]);
    const up = [1, 2, 6, 7].map((s) => machine.listening('cgminer', AT + s * SECOND));
    expect(up).toEqual([true, false, false, true]);
    const later = AT + 67 * SECOND;
    expect(number(machine, 'summary', 'SUMMARY', 'Elapsed', later)).toBe(60);
    expect(number(machine, 'summary', 'SUMMARY', 'Accepted', later)).toBeLessThan(60);
  });

  test('asked for twice happens once', () => {
    const machine = device();
    ask(machine, 'restart');
    ask(machine, 'restart', AT + SECOND);
    expect(machine.listening('cgminer', AT + 7 * SECOND)).toBe(true);
  });
});

describe('addpool', () => {
  const added = 'stratum+tcp://new.example.com:4444,bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq,secret';

  test('rewrites the whole set: pools shows it at once, with the counts of the pool that is still worked for', () => {
    const { machine, write } = unlocked();
    const before = ask(machine, 'pools').POOLS?.[0]?.Accepted;
    const doc = write('addpool', added);
    expect(code(doc)).toEqual(['S', 7]);
    expect(doc.POOLS?.[0]).toMatchObject({ status: 'ok', config_path: '/data/dcentrald.toml' });
    expect(doc.POOLS?.[0]?.pool).toMatchObject({ url: 'stratum+tcp://new.example.com:4444', priority: 0 });
    const shown = ask(machine, 'pools');
    expect(urls(shown)).toEqual(['stratum+tcp://new.example.com:4444']);
    expect(shown.POOLS?.[0]).toMatchObject({ User: 'bc1qar…5mdq', Status: 'Alive', Accepted: before });
  });

  test('is worked for from the next start on', () => {
    const { machine, write } = unlocked();
    write('addpool', added);
    const later = restarted(machine);
    const [pool] = ask(machine, 'pools', later).POOLS ?? [];
    expect(pool).toMatchObject({ URL: 'stratum+tcp://new.example.com:4444', Status: 'Alive', 'Stratum Active': true });
    expect(number(machine, 'summary', 'SUMMARY', 'Accepted', later)).toBeGreaterThan(100);
    expect(ask(machine, 'events', later).EVENTS?.[0]?.workerName).toBe('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq');
  });

  test('takes three fields behind the session id and no more; a login in the URL is not shown', () => {
    const { machine, write } = unlocked();
    expect(code(write('addpool', 'stratum+tcp://me:pw@new.example.com:4444,rig.1,x,2,3'))).toEqual(['S', 7]);
    expect(ask(machine, 'pools').POOLS?.[0]).toMatchObject({
      URL: 'stratum+tcp://new.example.com:4444',
      User: 'rig.1',
    });
  });

  test('of LuxOS, without a session id, is refused and changes nothing', () => {
    const machine = device();
    const given = 'stratum+tcp://new.example.com:4444,rig.1,x';
    expect(code(ask(machine, 'addpool', AT, given))).toEqual(['E', 15]);
    logon(machine);
    expect(code(ask(machine, 'addpool', AT, given))).toEqual(['E', 45]);
    expect(urls(ask(machine, 'pools'))).toHaveLength(2);
  });

  test.each([
    '',
    'http://a.example.com:80',
    'stratum+tcp://a.example.com',
    'stratum+tcp://:3333',
    'a.example.com:70000',
  ])('with the URL %j is rejected and changes nothing', (url) => {
    const { machine, write } = unlocked();
    const doc = write('addpool', `${url},rig.1,x`);
    expect([...code(doc), message(doc)]).toEqual(['E', 28, 'rejected']);
    expect(urls(ask(machine, 'pools'))).toHaveLength(2);
  });

  test('stands in the audit without worker and password', () => {
    const { machine, write } = unlocked();
    write('addpool', added, AT + 5);
    const records = ask(machine, 'systemaudit').SYSTEMAUDIT ?? [];
    expect(records.map((record) => record.event)).toEqual([
      {
        event: 'pool_config_write',
        pool_count: 1,
        changed_fields: [
          'pool.primary.url',
          'pool.primary.worker',
          'pool.primary.password',
          'pool.failover1.url',
          'pool.failover1.worker',
          'pool.failover1.password',
        ],
        secret_fields_redacted: ['pool.*.worker', 'pool.*.password'],
      },
      {
        event: 'pool_switch',
        from: 'stratum+tcp://pool.example.com:3333',
        to: 'stratum+tcp://new.example.com:4444',
      },
    ]);
    expect(records[0]).toMatchObject({ timestamp_ms: AT + 5, schema_version: 1 });
    expect(JSON.stringify(records)).not.toContain('secret"');
    expect(JSON.stringify(records)).not.toContain('bc1qar0');
  });
});

describe('the configuration', () => {
  test('frequencyset counts from the next start on: boards and power follow', () => {
    const { machine, write } = unlocked();
    const doc = write('frequencyset', '400');
    expect(code(doc)).toEqual(['S', 33]);
    expect(message(doc)).toBe('Configuration updated. Restart required to apply.');
    const flat = (now: number) => first(machine, 'stats', 'STATS', now);
    expect(flat(AT + 20 * MINUTE).freq1).toBe(650);
    const later = restarted(machine, 20 * MINUTE);
    expect(flat(later)).toMatchObject({ freq1: 400, freq_avg: 400, chain_voltage1: 8.6 });
    // 14005 GH/s at 650 MHz.
    expect(Math.abs(Number(flat(later).total_rate) / 8618 - 1)).toBeLessThan(0.06);
    expect(Math.round(Number(flat(later).total_rateideal))).toBe(14_005);
    const watts = number(machine, 'metrics', 'METRICS', 'Power', later);
    expect(Math.abs(watts - (25 + (1215 * 400) / 650))).toBeLessThan(15);
  });

  test('voltageset does not change the rate, but power by its square', () => {
    const { machine, write } = unlocked({}, 's19j-pro');
    expect(code(write('voltageset', '12330'))).toEqual(['S', 33]);
    const later = restarted(machine, 20 * MINUTE);
    expect(first(machine, 'healthchipget', 'HEALTHCHIP', later)).toMatchObject({ Frequency: 500, Voltage: 12.33 });
    const watts = number(machine, 'metrics', 'METRICS', 'Power', later);
    expect(Math.abs(watts - (25 + 2800 * 0.9 ** 2))).toBeLessThan(35);
  });

  test.each([
    ['s9', 'frequencyset', '99'],
    ['s9', 'frequencyset', '901'],
    ['s9', 'voltageset', '4999'],
    ['s9', 'voltageset', '20001'],
    ['s9', 'voltageset', '0'],
    ['s19j-pro', 'voltageset', '14501'],
    ['s9', 'tempctrlset', 'target=70'],
    ['s9', 'tempctrlset', 'target=60,hot=70,panic=111'],
  ])('a %s rejects %s %s with 28, and keeps what it had', (name, command, value) => {
    const { machine, write } = unlocked({}, name);
    const doc = write(command, value);
    expect([...code(doc), message(doc)]).toEqual(['E', 28, 'rejected']);
    const later = restarted(machine);
    expect(first(machine, 'stats', 'STATS', later).freq1).toBe(name === 's9' ? 650 : 500);
  });

  test('a board number in front, as LuxOS has it, is taken for the value', () => {
    const { write } = unlocked();
    expect(code(write('voltageset', '0,8.6'))).toEqual(['E', 28]);
    expect(code(write('frequencyset', '+550,1'))).toEqual(['S', 33]);
  });

  test('more than the controller can do is accepted, and less becomes of it', () => {
    const { machine, write } = unlocked();
    expect(code(write('voltageset', '19000'))).toEqual(['S', 33]);
    expect(first(machine, 'stats', 'STATS', restarted(machine)).chain_voltage1).toBe(9.4);
  });

  test('its replies tell the whole file, with the passwords of the pools', () => {
    const { write } = unlocked();
    const config = write('frequencyset', '500').CONFIG?.[0]?.config as Record<string, Record<string, unknown>>;
    expect(config.mining).toMatchObject({ enabled: true, frequency_mhz: 500, voltage_mv: 8600 });
    expect(config.pool).toMatchObject({ password: 'x', failover1: { url: 'stratum+tcp://backup.example.com:3333' } });
  });

  test('tempctrlset: its words for the limits, other keys as they are; the fans follow after a restart', () => {
    const { machine, write } = unlocked();
    const before = first(machine, 'stats', 'STATS', AT + 30 * MINUTE);
    const doc = write('tempctrlset', 'target=62,hot=70,dangerous=80,fan_min_pwm=15,note');
    expect(code(doc)).toEqual(['S', 33]);
    expect((doc.TEMPCTRL?.[0]?.config as Record<string, unknown> | undefined)?.thermal).toEqual({
      target_temp_c: 62,
      hot_temp_c: 70,
      dangerous_temp_c: 80,
      fan_min_pwm: 15,
      fan_max_pwm: 100,
    });
    const after = first(machine, 'stats', 'STATS', restarted(machine, 30 * MINUTE));
    expect([before.temp1, after.temp1]).toEqual([55, 62]);
    expect(Number(after.fan1)).toBeLessThan(Number(before.fan1));
  });

  test('netset: a name that shows after a restart, and DHCP; addresses are passed over', () => {
    const { machine, write } = unlocked();
    const doc = write('netset', 'dhcp=off,hostname=rack-7,ipaddress=192.0.2.9');
    expect(code(doc)).toEqual(['S', 33]);
    expect((doc.NETWORK?.[0]?.config as Record<string, unknown> | undefined)?.general).toEqual({
      hostname: 'rack-7',
      log_level: 'info',
      dhcp: false,
    });
    expect(first(machine, 'summary', 'SUMMARY').Hostname).toBe('dcentos');
    expect(first(machine, 'summary', 'SUMMARY', restarted(machine)).Hostname).toBe('rack-7');
  });
});

describe('profiles', () => {
  test('profileset says that it saved one of that name and changes nothing, also not at a restart', () => {
    const { machine, write } = unlocked();
    const doc = write('profileset', 'overclock,5,0.05,update_atm=true');
    expect(code(doc)).toEqual(['S', 33]);
    expect(message(doc)).toBe("Profile 'overclock' saved");
    expect(doc.PROFILE?.[0]).toMatchObject({
      path: '/data/dcent/profiles/overclock.json',
      profile: { name: 'overclock', action: 'activate' },
    });
    expect(first(machine, 'stats', 'STATS', restarted(machine)).freq1).toBe(650);
  });

  test('profilenew keeps what it is given, 0 for what is no whole number', () => {
    const { write } = unlocked();
    const doc = write('profilenew', '../quiet one,450,8.3');
    expect(code(doc)).toEqual(['S', 33]);
    expect(doc.PROFILE?.[0]).toMatchObject({
      path: '/data/dcent/profiles/quietone.json',
      profile: { name: '../quiet one', frequency_mhz: 450, voltage_mv: 0 },
    });
    expect(code(write('profilenew', '../.,450,8300'))).toEqual(['E', 28]);
  });
});
