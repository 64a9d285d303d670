import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ask, device, first, HOUR, jsonp, long, POWERED_AT, SECOND, set, web } from './sim.testing.ts';

const AT = POWERED_AT + 2 * HOUR;
const pools = (machine: ReturnType<typeof device>, now: number) =>
  (ask(machine, 'pools', now).POOLS ?? []).map(({ URL, User }) => [URL, User]);
const FORM =
  'pool1=stratum%2Btcp%3A%2F%2Fa.example.com%3A1&worker1=me.a&passwd1=x&pool2=stratum%2Btcp%3A%2F%2Fb.example.com%3A2&worker2=me.b&passwd2=&pool3=&worker3=&passwd3=';

describe('port 80', () => {
  test('answers the login page to everybody without the cookie of the password', () => {
    for (const name of ['a1246', 'q']) {
      const machine = device(name);
      const data = name === 'q' ? 'GET /get_dashboard.cgi?num=0.5' : 'GET /get_home.cgi?num=0.5';
      for (const cookie of [null, '', 'ff0000ff0000', 'FF0000FF4813494d137e1631bba301d5']) {
        const answer = web(machine, data, AT, { cookie });
        expect([answer.status, answer.body.includes('<title>Login</title>')]).toEqual([200, true]);
      }
      expect(web(machine, data, AT).body).toMatch(/Callback\(\{".*"\}\);$/);
      expect(web(machine, 'GET /', AT).body).toContain('<title>Login</title>');
      expect(web(machine, 'POST /logout.cgi', AT).body).toContain('<title>Login</title>');
      expect(web(machine, 'GET /nothing.cgi', AT)).toMatchObject({ status: 404, body: 'Not found\n' });
      expect(web(machine, 'DELETE /get_home.cgi', AT).status).toBe(404);
      expect(web(machine, `GET /${'x'.repeat(80)}`, AT).status).toBe(404);
    }
  });

  test('get_minerinfo.cgi says what the machine is; an A10 says it without login, by a switch the others too', () => {
    const mac = String(first(device('a1246'), 'version', 'VERSION', AT).MAC);
    expect(jsonp(web(device('a1246'), 'GET /get_minerinfo.cgi', AT).body, 'minerinfoCallback')).toEqual({
      version: '21042001_4ec6bb0_211fc83',
      mac: mac.replace(/(..)(?=.)/g, '$1:'),
      ipv4: '10.0.0.7',
      hwtype: 'AvalonMiner 1246',
      sys_status: '1',
    });
    const open = (name: string, quirks = {}) =>
      web(device(name, quirks), 'GET /get_minerinfo.cgi', AT, { cookie: null }).body.startsWith('minerinfoCallback(');
    expect([open('a1066'), open('a1066', { 'open-minerinfo': false })]).toEqual([true, false]);
    expect([open('a1246'), open('a1246', { 'open-minerinfo': true }), open('q')]).toEqual([false, true, false]);
    const idle = device('a1246');
    set(idle, 'softoff', AT);
    expect(jsonp(web(idle, 'GET /get_minerinfo.cgi', AT).body, 'minerinfoCallback').sys_status).toBe('0');
    expect(jsonp(web(device('q'), 'GET /get_minerinfo.cgi', AT).body, 'minerinfoCallback').hwtype).toBe('Avalon Q');
  });

  test('data with a comma before the brace, by a switch', () => {
    const body = web(device('q', { 'jsonp-trailing-comma': true }), 'GET /get_minerinfo.cgi', AT).body;
    expect(body).toMatch(/"sys_status":"1",\}\);$/);
    expect(() => jsonp(body, 'minerinfoCallback')).toThrow();
  });

  test('a farm machine takes user and password in clear and gives the cookie', () => {
    const machine = device('a1066');
    const right = web(machine, 'POST /login.cgi', AT, { cookie: null, form: 'username=root&passwd=root' });
    expect(right.body).toContain('get_minerinfo.cgi');
    expect(right.headers['set-cookie']).toBe('auth=ff0000ff4813494d137e1631bba301d5');
    for (const form of ['username=root&passwd=wrong', 'username=admin&passwd=root', 'passwd=root', '']) {
      expect(web(machine, 'POST /login.cgi', AT, { cookie: null, form }).body).toContain('<title>Login</title>');
    }
  });

  test('a home machine takes the cookie itself as the password', () => {
    const q = device('q');
    const form = 'passwd=ff0000ff4813494d137e1631bba301d5';
    expect(web(q, 'POST /login.cgi', AT, { cookie: null, form }).body).toContain('get_dashboard.cgi');
    expect(web(q, 'POST /login.cgi', AT, { cookie: null, form: 'username=root&passwd=root' }).body).toContain(
      '<title>Login</title>',
    );
  });

  test('the first digits of the cookie are those of get_auth.cgi, by a switch the machine’s own', () => {
    const auth = (quirks: Record<string, boolean>) =>
      jsonp(web(device('q', quirks), 'GET /get_auth.cgi?num=1', AT, { cookie: null }).body, 'getAuthCallback');
    // SHA-256 by another program, of the DNA, and of (8 digits of that of `root`, DNA).
    expect(auth({})).toEqual({ auth: 'ff0000ff', code: '7b583af7114a288349408b29' });
    expect(auth({ 'salted-cookie': true })).toEqual({ auth: '1ebce445', code: '7b583af7114a288349408b29' });
    const salted = device('q', { 'salted-cookie': true });
    const in_ = (cookie: string) => web(salted, 'GET /get_dashboard.cgi', AT, { cookie }).body.startsWith('dashboard');
    expect([in_('ff0000ff4813494d137e1631bba301d5'), in_('1ebce4454813494d137e1631bba301d5')]).toEqual([false, true]);
  });

  test('the dashboard of a Q agrees with port 4028', () => {
    const q = device('q');
    const record = long(q, AT);
    const summary = first(q, 'summary', 'SUMMARY', AT);
    const board = jsonp(web(q, 'GET /get_dashboard.cgi', AT).body, 'dashboardCallback');
    expect(board).toMatchObject({
      hwtype: 'Avalon Q',
      sys_status: '1',
      workingmode: '1',
      workinglevel: '0',
      power: record.PS?.split(' ')[6],
      realtime_hash: (Number(record.GHSspd) / 1000).toFixed(2),
      accepted: String(summary.Accepted),
      reject: String(summary.Rejected),
      fan1: record.Fan1,
      fanr: record.FanR?.replace('%', ''),
      fan_status: '0',
      pool_status: '1',
      current_pool: '1',
      address: 'stratum+tcp://pool.example.com:3333',
      version: '25052801_14a19a2',
      pool2: 'stratum+tcp://backup.example.com:3333',
      pool3: '',
    });
    set(q, `softoff,1:${AT / 1000}`, AT);
    expect(jsonp(web(q, 'GET /get_dashboard.cgi', AT).body, 'dashboardCallback').sys_status).toBe('2');
    expect(
      jsonp(web(device('q', { 'stalled-fan': true }), 'GET /get_dashboard.cgi', AT).body, 'dashboardCallback'),
    ).toMatchObject({ fan1: '0', fan_status: '1' });
  });

  test('the overview of an A10 agrees with port 4028', () => {
    const machine = device('a1066');
    const record = long(machine, AT);
    expect(jsonp(web(machine, 'GET /get_home.cgi', AT).body, 'homeCallback')).toMatchObject({
      fan1: record.Fan1,
      fan4: record.Fan4,
      temperature: record.Temp,
      MTavg3: record.MTavg?.split(' ')[2],
      accepted: String(first(machine, 'summary', 'SUMMARY', AT).Accepted),
      url: 'stratum+tcp://pool-a.example.com:3333',
    });
  });

  test.each([
    ['a1246', 'POST /cgconf.cgi', 'GET /updatecgconf.cgi', 'CGConfCallback'],
    ['q', 'POST /cgpools.cgi', 'GET /get_dashboard.cgi', 'dashboardCallback'],
  ])('pools of a %s are kept at once and used after a reboot by the page', (name, save, show, callback) => {
    const machine = device(name);
    const before = pools(machine, AT);
    expect(web(machine, save, AT, { form: FORM, cookie: null }).body).toContain('<title>Login</title>');
    web(machine, save, AT, { form: FORM });
    expect(jsonp(web(machine, show, AT).body, callback)).toMatchObject({
      pool1: 'stratum+tcp://a.example.com:1',
      worker1: 'me.a',
      pool2: 'stratum+tcp://b.example.com:2',
      pool3: '',
    });
    expect(pools(machine, AT)).toEqual(before);
    web(machine, 'POST /reboot.cgi', AT);
    expect([machine.listening('http', AT + SECOND), machine.listening('cgminer', AT + SECOND)]).toEqual([false, false]);
    expect([30, 31].some((s) => machine.listening('http', AT + s * SECOND))).toBe(true);
    expect(pools(machine, AT + HOUR)).toEqual([
      ['stratum+tcp://a.example.com:1', 'me.a'],
      ['stratum+tcp://b.example.com:2', 'me.b'],
    ]);
    expect(long(machine, AT + HOUR).BOOTBY).toBe('0x04.00000000');
  });

  test('a form without any pool changes nothing, and the mode of a farm machine goes with its pools', () => {
    const machine = device('a1246');
    web(machine, 'POST /cgconf.cgi', AT, { form: 'pool1=&mode=0' });
    const conf = jsonp(web(machine, 'GET /updatecgconf.cgi', AT).body, 'CGConfCallback');
    expect([conf.mode, conf.pool1]).toEqual(['0', 'stratum+tcp://pool-a.example.com:3333']);
    expect(long(machine, AT).WORKMODE).toBe('1');
    web(machine, 'POST /reboot_btn.cgi', AT);
    expect(long(machine, AT + HOUR).WORKMODE).toBe('0');
  });

  test('the shells of the pages name the script that they ask', () => {
    expect(web(device('q'), 'POST /dashboard.cgi', AT).body).toContain('get_dashboard.cgi');
    expect(web(device('q'), 'POST /poolconfig.cgi', AT).body).toContain('get_dashboard.cgi');
    expect(web(device('a1246'), 'GET /network.cgi', AT).body).toContain('updatenetwork.cgi');
    expect(web(device('a1246'), 'GET /cgconf.cgi', AT).body).toContain('updatecgconf.cgi');
  });

  test('whatever is asked gets a page', () => {
    const machines = ['a1246', 'q'].map((name) => device(name));
    const path = fc.oneof(
      fc.string({ maxLength: 90 }),
      fc.constantFrom('get_home.cgi', 'get_dashboard.cgi', 'cgconf.cgi', 'cgpools.cgi', 'login.cgi', '__proto__'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...machines),
        fc.constantFrom('GET', 'POST', 'PUT'),
        path,
        fc.oneof(
          fc.string(),
          fc.string().map((value) => `pool1=${value}&worker1=${value}&mode=${value}`),
        ),
        fc.boolean(),
        (machine, method, name, form, known) => {
          const headers = { host: 'x', cookie: known ? 'auth=ff0000ff4813494d137e1631bba301d5' : name };
          const reply = machine.http?.respond(
            { method, path: `/${name}`, headers, body: Buffer.from(form) },
            { address: '10.0.0.9' },
            AT,
          );
          expect([200, 404]).toContain(reply?.status);
        },
      ),
      { seed: 44, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
