import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MINUTE } from './sim.testing.ts';
import { Caller } from './sim-doors.testing.ts';

const S9 = 's9-22.08';
const S21 = 's21-plus-25.03';

describe('GraphQL of BraiinsOS', () => {
  test('tells of the machine to everybody', () => {
    const asked = '{ bos { hostname faultLight info { version { full isPlus } mode } uptime { durationS } } }';
    expect(new Caller({ name: S9 }).graphql(asked)).toEqual({
      data: {
        bos: {
          hostname: expect.stringMatching(/^miner-[0-9a-f]{6}$/),
          faultLight: false,
          info: { version: { full: '2022-09-13-0-11012d53-22.08-plus', isPlus: true }, mode: 'NAND' },
          uptime: { durationS: 7200 },
        },
      },
    });
    expect(new Caller({ name: 's19-26.04' }).graphql('{ bosminer { info { modelName } } }')).toEqual({
      data: { bosminer: { info: { modelName: 'Antminer S19' } } },
    });
  });

  test.each([
    [S9, ['Board', 'Chip']],
    ['s21-24.09', ['Board', 'Chip']],
    [S21, ['Max Board', 'Max Chip', 'Inlet', 'Outlet']],
    ['s19-xp-25.07', ['MAX_BOARD', 'MAX_CHIP', 'INLET', 'OUTLET']],
  ])('names the places of %s as its release does', (name, places) => {
    const asked = '{ bosminer { info { workSolver { childSolvers { temperatures { name } } } } } }';
    const [board] = new Caller({ name }).graphql(asked).data.bosminer.info.workSolver.childSolvers;
    expect(board.temperatures.map((one: { name: string }) => one.name)).toEqual(places);
  });

  test('writes numbers with decimals with a point, and whole numbers beyond 32 bits', () => {
    const somebody = new Caller({ name: S21 });
    const asked = '{ bosminer { info { tempCtrl { hotC } summary { bestShare shares { acceptedDifficulty } } } } }';
    expect(somebody.query(asked)).toMatch(
      /^\{"data":\{"bosminer":\{"info":\{"tempCtrl":\{"hotC":80\.0\},"summary":\{"bestShare":\d+,/,
    );
    const pools = '{ bosminer { info { poolGroups { pools { generatedWork } } } } }';
    const work = somebody.after(24 * 60 * MINUTE).graphql(pools).data.bosminer.info.poolGroups[0]
      .pools[0].generatedWork;
    expect(work).toBeGreaterThan(2 ** 32);
  });

  test('says null beside an error for what it does not know, and lets 21.09 ask for what there may be', () => {
    expect(new Caller({ name: S21 }).query('{ bos { nothing } }')).toBe(
      '{"data":null,"errors":[{"message":"Unknown field \\"nothing\\" on type \\"BosQuery\\".","locations":[{"line":1,"column":9}]}]}',
    );
    expect(new Caller({ name: S21 }).graphql('{ bos { hostname').data).toBeNull();
    const asked = '{ bos { macAddress @ifdef isPlus: info { version { isPlus } } } }';
    expect(new Caller({ name: 's9-21.09' }).graphql(asked)).toEqual({
      data: { bos: { isPlus: { version: { isPlus: true } } } },
    });
    expect(new Caller({ name: S21 }).graphql(asked).data).toBeNull();
  });

  test('leaves a part of the data out with errors beside it where it does so', () => {
    const somebody = new Caller({ name: S21, quirks: { 'graphql-errors-beside-data': true } });
    const { data, errors } = somebody.graphql(
      '{ bos { hostname nothing } bosminer { info { modelName fans { rpm } } } }',
    );
    expect(data).toEqual({
      bos: { hostname: expect.any(String) },
      bosminer: { info: { modelName: 'Antminer S21+', fans: null } },
    });
    expect(errors.map(({ message, path }: Record<string, unknown>) => [message, path])).toEqual([
      ['Unknown field "nothing" on type "BosQuery".', undefined],
      ['BOSminer API connection error', ['bosminer', 'info', 'fans']],
    ]);
  });

  test('has an error for the readings of a mining program that is stopped, and its configuration all the same', () => {
    const somebody = new Caller({ name: S21 }).graphqlLogin();
    somebody.query('mutation { bosminer { stop { __typename } } }');
    expect(somebody.graphql('{ bosminer { info { modelName } } }')).toMatchObject({
      data: null,
      errors: [{ message: 'BOSminer is not running', path: ['bosminer', 'info'] }],
    });
    const asked =
      '{ bosminer { config { ... on BosminerConfig { autotuning { mode powerTarget hashrateTarget } } } } }';
    expect(somebody.graphql(asked).data.bosminer.config.autotuning).toEqual({
      mode: 'POWER_TARGET',
      powerTarget: 3564,
      hashrateTarget: null,
    });
  });
});

describe('a mutation', () => {
  const login =
    'mutation($user: String!, $password: String!) { auth { login(username: $user, password: $password) {'.concat(
      ' ... on VoidResult { void } ... on AuthError { message } } } }',
    );

  test('wants the cookie of a login', () => {
    const somebody = new Caller({ name: S21, quirks: { 'own-password': true } });
    const light = 'mutation { bos { setFaultLight(enable: true) { enabled } } }';
    expect(somebody.graphql(light)).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHORIZED' } }] });
    expect(somebody.graphql(login, { user: 'root', password: 'root' }).data.auth.login.message).toBe(
      'Invalid username or password',
    );
    expect(somebody.cookie).toBeNull();
    expect(somebody.graphql(login, { user: 'root', password: 'letmein' }).data.auth.login).toHaveProperty('void');
    expect(somebody.cookie).toMatch(/^session_id=[A-Za-z0-9]{16}$/);
    expect(somebody.graphql(light)).toEqual({ data: { bos: { setFaultLight: { enabled: true } } } });
    expect(somebody.graphql('{ bos { faultLight } }').data.bos.faultLight).toBe(true);
  });

  test('sets a target that is shown then, or says why not', () => {
    const somebody = new Caller({ name: S21 }).graphqlLogin();
    const set = (input: string) =>
      somebody.graphql(
        `mutation { bosminer { config { updateAutotuning(input: ${input}, apply: true) {
          ... on AutotuningOut { autotuning { enabled mode powerTarget hashrateTarget } }
          ... on AutotuningError { message } } } } }`,
      ).data.bosminer.config.updateAutotuning;
    expect(set('{ powerTarget: 3000 }').autotuning).toMatchObject({ enabled: true, powerTarget: 3000 });
    const limit = '{ bosminer { info { summary { power { limitW } } } } }';
    expect(somebody.graphql(limit).data.bosminer.info.summary.power.limitW).toBe(3000);
    expect(set('{ hashrateTarget: 200 }').autotuning).toEqual({
      enabled: true,
      mode: 'HASHRATE_TARGET',
      powerTarget: null,
      hashrateTarget: 200,
    });
    expect(set('{ mode: POWER_TARGET }').autotuning).toMatchObject({ mode: 'POWER_TARGET', powerTarget: 3000 });
    expect(set('{ powerTarget: 1 }').message).toContain('is not in allowed range');
    expect(set('{ powerTarget: -5 }').message).toContain('negative');
  });

  test('switches boards off, and drives them by hand', () => {
    const somebody = new Caller({ name: S9 }).graphqlLogin();
    const set = (input: string) =>
      somebody.graphql(
        `mutation { bosminer { config { updatePerformance(input: ${input}, apply: true) {
          ... on PerformanceOut { hashChains { name enabled frequency } }
          ... on PerformanceError { message } } } } }`,
      ).data.bosminer.config.updatePerformance;
    expect(set('{ hashChains: [{ name: "7", enabled: false }] }').hashChains).toEqual([
      { name: '6', enabled: true, frequency: null },
      { name: '7', enabled: false, frequency: null },
      { name: '8', enabled: true, frequency: null },
    ]);
    expect(set('{ globalFrequency: 500, hashChains: [{ name: "8", frequency: 550 }] }').hashChains[2].frequency).toBe(
      550,
    );
    const tuning = '{ bosminer { config { ... on BosminerConfig { autotuning { enabled } } } } }';
    expect(somebody.graphql(tuning).data.bosminer.config.autotuning.enabled).toBe(false);
    expect(set('{ hashChains: [{ name: "9", enabled: true }] }').message).toBe('Hashboard 9 not found');
  });

  test('replaces the groups of pools', () => {
    const somebody = new Caller({ name: S21 }).graphqlLogin();
    const set = `mutation($groups: [Group!]!) { bosminer { config { updateGroups(groups: $groups) {
      ... on GroupList { groups { id name pools { url } } } ... on GroupListError { message } } } } }`;
    const pools = [{ url: 'stratum+tcp://a.example.com:3333', user: 'me' }];
    expect(somebody.graphql(set, { groups: [{ id: '0', name: 'mine', quota: 2, pools }] }).data).toEqual({
      bosminer: {
        config: { updateGroups: { groups: [{ id: '0', name: 'mine', pools: [{ url: pools[0]?.url }] }] } },
      },
    });
    const shown = somebody.graphql('{ bosminer { info { poolGroups { name pools { url user } } } } }');
    expect(shown.data.bosminer.info.poolGroups).toEqual([{ name: 'mine', pools }]);
    expect(
      somebody.graphql(set, { groups: [{ name: '', pools }] }).data.bosminer.config.updateGroups.message,
    ).toContain('group name');
  });

  test('stops and starts the mining program, and the machine', () => {
    const somebody = new Caller({ name: S21 }).graphqlLogin();
    somebody.query('mutation { bosminer { stop { __typename } } }');
    expect(somebody.graphql('{ bosminer { info { modelName } } }').data).toBeNull();
    somebody.query('mutation { bosminer { start { __typename } } }');
    expect(somebody.after(MINUTE).graphql('{ bosminer { info { modelName } } }').data).not.toBeNull();
    expect(somebody.graphql('mutation { bos { reboot { __typename } } }').data.bos.reboot.__typename).toBe(
      'VoidResult',
    );
    expect(somebody.after(5000).device.listening('http', somebody.now)).toBe(false);
  });
});

describe('GraphQL under fire', () => {
  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no question', '{"variables":{}}'],
    ['a question that is none', '{"query":7}'],
    ['variables that are none', '{"query":"{ bos { hostname } }","variables":[]}'],
  ])('refuses %s', (_, body) => {
    expect(new Caller().http('POST', '/graphql', body).status).toBe(400);
  });

  test('answers every question, and never for long', () => {
    const somebody = new Caller({ name: S21 });
    const word = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      ':',
      '$a',
      '...',
      'on',
      'bos',
      'bosminer',
      'info',
      'query',
      '"',
      '[',
      '!',
      '@ifdef',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.string(), (words, noise) => {
        const reply = somebody.graphql(`${words.join(' ')}${noise}`);
        expect(Object.keys(reply)[0]).toBe('data');
      }),
      { seed: 7, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
    const deep = `{${'bosminer{info{workSolver{childSolvers{'.repeat(2000)}`;
    expect(somebody.graphql(deep)).toMatchObject({
      data: null,
      errors: [{ message: expect.stringContaining('depth') }],
    });
    expect(somebody.graphql(`{${'bos{hostname}'.repeat(2000)}}`).data).toBeNull();
  });
});
