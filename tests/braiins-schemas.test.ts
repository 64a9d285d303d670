import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { Caller, caller, textOf } from '../packages/families/src/braiins/sim-doors.testing.ts';
import { schemaText } from '../packages/families/src/braiins/sim-graphql-schema.ts';
import { sharedPath } from './shared.ts';

/*
 * The simulated machine's replies against the descriptions that the vendor publishes, release by release, and against what
 * real machines said.
 */

type Json = ReturnType<typeof JSON.parse>;

const read = (...parts: string[]): string | null => {
  const path = sharedPath('captures', ...parts);
  return path === null ? null : readFileSync(path, 'utf8');
};

/** What the paths take, by hand: enough to be done. */
const POOL = { url: 'stratum+tcp://a.example.com:3333', user: 'me', password: 'x', enabled: true };
const GROUP = { name: 'mine', pools: [POOL], load_balance_strategy: { quota: { value: 1 } } };
const BODIES: Readonly<Record<string, unknown>> = {
  'PUT /api/v1/actions/locate': true,
  'POST /api/v1/auth/login': { username: 'root', password: '' },
  'PUT /api/v1/auth/password': { password: null },
  'PUT /api/v1/cooling/mode': {
    auto: {
      target_temperature: { degree_c: 55 },
      hot_temperature: { degree_c: 75 },
      dangerous_temperature: { degree_c: 85.5 },
    },
  },
  'PUT /api/v1/license/apply-contract-key': { contract_key: 'ABCD-1234' },
  'PATCH /api/v1/miner/hw/hashboards': { hashboard_ids: ['1'], enable: true },
  'PATCH /api/v1/network/configuration': { hostname: 'other', protocol: { dhcp: {} } },
  'PUT /api/v1/performance/dps': {
    save_action: 2,
    enable: true,
    target: { target: { powertarget: { power_step: { watt: 100 }, min_power_target: { watt: 2000 } } } },
  },
  'PUT /api/v1/performance/hashrate-target': { terahash_per_second: 90.5 },
  'PATCH /api/v1/performance/hashrate-target/decrement': { terahash_per_second: 1 },
  'PATCH /api/v1/performance/hashrate-target/increment': { terahash_per_second: 1.5 },
  'PATCH /api/v1/performance/hashrate-target/relative': { percentage: 90, reference: 1 },
  'PUT /api/v1/performance/mode': { tunermode: { target: { powertarget: { power_target: { watt: 2800 } } } } },
  'PUT /api/v1/performance/power-target': { watt: 2900 },
  'PATCH /api/v1/performance/power-target/decrement': { watt: 10 },
  'PATCH /api/v1/performance/power-target/increment': { watt: 10 },
  'PATCH /api/v1/performance/power-target/relative': { percentage: 90, reference: 1 },
  'PUT /api/v1/performance/quick-ramping': { up_s: 60, down_s: 5 },
  'POST /api/v1/pools/': GROUP,
  'PUT /api/v1/pools/batch': [GROUP],
  'PUT /api/v1/pools/{uid}': GROUP,
  'PATCH /api/v1/upgrade/auto-upgrade': {
    enabled: true,
    schedule: { schedule_type: { daily: { time: { hours: 3, minutes: 0 } } } },
  },
};

/** A file of bytes, whose checksum is not looked at here. */
const UPLOAD = '--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{}\r\n--b--\r\n';

describe.each([
  ['25.07', 's19-xp-25.07'],
  ['26.04', 's19-26.04'],
])('the REST API of a simulated %s', (release, name) => {
  const text = read('_schemas', 'braiins', release, 'openapi.json');
  const described: Json = text === null ? { paths: {} } : JSON.parse(text);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  // Bounds of integers: the description has them by name alone.
  for (const format of ['int32', 'int64', 'double'])
    ajv.addFormat(format, { type: 'number', validate: Number.isFinite });
  ajv.addSchema(described, 'api');
  const operations = Object.entries<Json>(described.paths).flatMap(([path, verbs]) =>
    Object.entries<Json>(verbs).map(([verb, operation]): [verb: string, path: string, operation: Json] => [
      verb.toUpperCase(),
      path,
      operation,
    ]),
  );

  test.skipIf(text === null)('has the paths and methods of its description, and no other', () => {
    const { paths } = new Caller({ name }).rest('GET', 'docs/openapi.json')[1];
    const list = (all: Record<string, object>) =>
      Object.entries(all)
        .flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`))
        .sort();
    expect(list(paths)).toEqual(list(described.paths));
    expect(new Caller({ name }).rest('GET', 'docs/openapi.json')[1].info.version).toBe(described.info.version);
  });

  test.skipIf(text === null).each(operations)('answers %s %s as described', (verb, path, operation) => {
    const somebody = caller({ name });
    const uid = somebody.rest('GET', 'configuration/miner')[1].pool_groups[0].uid;
    const concrete = path.replace('{uid}', uid).replace('{log_type}', 'bosminer');
    const isUpload = path.endsWith('/system-upgrade');
    const body = BODIES[`${verb} ${path}`];
    if (operation.requestBody !== undefined && !isUpload && verb !== 'GET') {
      expect(body, 'a body to send').toBeDefined();
      const schema = {
        $ref: `api#/paths/${pointer(path)}/${verb.toLowerCase()}/requestBody/content/application~1json/schema`,
      };
      expect(ajv.validate(schema, body), ajv.errorsText()).toBe(true);
    }
    const sent = isUpload ? UPLOAD : body === undefined ? '' : JSON.stringify(body);
    const headers: Record<string, string> = isUpload ? { 'content-type': 'multipart/form-data; boundary=b' } : {};
    const reply = somebody.http(verb, concrete, sent, headers);
    const status = String(reply.status);
    // The description has no status for an upload without a file.
    if (isUpload) return expect(status).toBe('400');
    expect(Object.keys(operation.responses)).toContain(status);
    expect(reply.status).toBeLessThan(300);
    const content = operation.responses[status].content;
    if (content === undefined) return expect(textOf(reply.body)).toBe('');
    const [type = ''] = Object.keys(content);
    expect(reply.headers['Content-Type']).toBe(type);
    if (type !== 'application/json' || content[type].schema === undefined) return;
    const at = `api#/paths/${pointer(path)}/${verb.toLowerCase()}/responses/${status}/content/${pointer(type)}/schema`;
    const value: Json = JSON.parse(textOf(reply.body));
    expect(ajv.validate({ $ref: at }, value), `${ajv.errorsText()} ${textOf(reply.body)}`).toBe(true);
    expect(strangers(resolved(described, content[type].schema), value, described)).toEqual([]);
  });

  test.skipIf(text === null).each(operations)('wants a token for %s %s where it is not open', (verb, path) => {
    const isOpen = ['/api/v1/version/', '/api/v1/auth/login', '/api/v1/docs/openapi.json'].includes(path);
    const body = BODIES[`${verb} ${path}`];
    const { status } = new Caller({ name }).http(verb, path, body === undefined ? '' : JSON.stringify(body));
    expect(status).toBe(isOpen ? 200 : 401);
  });
});

const pointer = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

const resolved = (described: Json, schema: Json): Json =>
  typeof schema?.$ref === 'string'
    ? resolved(described, described.components.schemas[schema.$ref.split('/').at(-1)])
    : schema;

/** Members of a reply that its description does not have: nothing forbids them there. */
function strangers(schema: Json, value: Json, described: Json, path = ''): readonly string[] {
  const here = resolved(described, schema);
  if (Array.isArray(value)) return value.flatMap((one) => strangers(here?.items, one, described, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  // Of an object without members, such as the profiles of targets, the description says nothing.
  const branches: readonly Json[] = (here?.oneOf ?? [here]).map((one: Json) => resolved(described, one));
  const properties = Object.assign(
    {},
    ...branches.flatMap(
      (one) => one?.oneOf?.map((each: Json) => resolved(described, each).properties) ?? one?.properties,
    ),
  );
  if (Object.keys(properties).length === 0) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name in properties ? strangers(properties[name], one, described, `${path}.${name}`) : [`${path}.${name}`],
  );
}

describe('replies of a simulated S19 XP under 25.07', () => {
  const folder = ['braiins', 'antminer-s19-xp', '25.07-plus_2025-08-06'];
  const files = readdirOf(...folder);
  const paths: Readonly<Record<string, string>> = { pools: 'pools/', version: 'version/', network: 'network/' };

  test.skipIf(files.length === 0).each(files)('are shaped as in the capture %s', (file) => {
    const stem = file.replace('.json', '');
    const path = paths[stem] ?? stem.replace('miner_hw_', 'miner/hw/').replace('_', '/').replaceAll('_', '-');
    const text = textOf(caller({ name: 's19-xp-25.07' }).http('GET', `/api/v1/${path}`).body);
    const captured = read(...folder, file) ?? '';
    const wanted = shapes(captured);
    const ours = shapes(text);
    if (stem === 'miner_errors') return expect(ours).toContain('errors:array');
    expect(ours).toEqual(expect.arrayContaining([...wanted]));
    // The capture of the configuration has less than all members.
    if (stem === 'configuration_miner') return;
    // A pool that has had no share yet is null where the captured one has a time.
    const known = (one: string) =>
      one.endsWith(':null') && wanted.some((other) => other.startsWith(one.replace(':null', '.')));
    expect(ours.filter((one) => !wanted.includes(one) && !known(one))).toEqual([]);
  });
});

function readdirOf(...parts: string[]): string[] {
  const folder = sharedPath('captures', ...parts);
  return folder === null ? [] : readdirSync(folder);
}

/** Every member with how its value is written: a number with a point is another thing than one without. */
function shapes(text: string): readonly string[] {
  const marked: Json = JSON.parse(
    text.replace(/(?<=[[:,]\s*)-?\d+(\.\d+)?(?:[eE][-+]?\d+)?(?=\s*[,}\]])/g, (number, point) =>
      JSON.stringify(point === undefined && !/e/i.test(number) ? '#whole' : '#real'),
    ),
  );
  const found = new Set<string>();
  const walk = (value: Json, path: string): void => {
    if (Array.isArray(value)) {
      found.add(`${path}:array`);
      for (const one of value) walk(one, `${path}[]`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) walk(one, path === '' ? name : `${path}.${name}`);
    } else
      found.add(
        `${path}:${typeof value === 'string' && value.startsWith('#') ? value.slice(1) : value === null ? 'null' : typeof value}`,
      );
  };
  walk(marked, '');
  return [...found];
}

describe.each([
  ['21.09', 21.09],
  ['24.09', 24.09],
  ['25.03', 25.03],
  ['25.05.1', 25.05],
])('the GraphQL schema of a simulated %s', (release, os) => {
  const text = read('_schemas', 'braiins', release, 'schema.graphql');
  const ours = buildSchema(schemaText(os));
  const types = Object.values(ours.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

  test.skipIf(text === null)('has every type as the vendor has it', () => {
    const theirs = vendorSchema(text ?? '');
    const differences = types.flatMap((type) => {
      const own = linesOf(type);
      const vendor = linesOf(theirs.getType(type.name));
      // A union or an enumeration that has less would answer where the machine does not.
      const lacks = isUnionType(type) || isEnumType(type) ? vendor.filter((line) => !own.includes(line)) : [];
      return [...own.filter((line) => !vendor.includes(line)), ...lacks].map((line) => `${type.name} ${line}`);
    });
    expect(differences).toEqual([]);
    expect(types.length).toBeGreaterThan(80);
  });

  test.skipIf(text === null)('has the directive of 21.09 there alone', () => {
    expect(ours.getDirective('ifdef') !== undefined).toBe(vendorSchema(text ?? '').getDirective('ifdef') !== undefined);
  });
});

/** The vendor prints a directive of the specification with its schema. */
const vendorSchema = (text: string): GraphQLSchema => buildSchema(text.replace(/^directive @oneOf.*$/m, ''));

/** A type as lines: its fields with their arguments and types, its values, its members. */
function linesOf(type: GraphQLNamedType | undefined): readonly string[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    return [
      ...Object.values(type.getFields()).map(
        (field) => `${field.name}(${field.args.map((arg) => `${arg.name}: ${arg.type}`).join(', ')}): ${field.type}`,
      ),
      ...type.getInterfaces().map((one) => `implements ${one.name}`),
    ];
  }
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => `${field.name}: ${field.type}`);
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (isUnionType(type)) return type.getTypes().map(({ name }) => `or ${name}`);
  return type === undefined ? [] : ['scalar'];
}

describe('the answers of simulated machines to the questions of captures', () => {
  const QUESTIONS: Readonly<Record<string, string>> = {
    gql_system: `{ bos { hostname faultLight info { version { full } } uptime { durationS } }
      bosminer { info { workSolver { realHashrate { mhs5S } nominalMhs } fans { name speed rpm }
      summary { power { limitW approxConsumptionW } } } } }`,
    gql_pools: `{ bosminer { config { ... on BosminerConfig { groups { id strategy { ... on QuotaStrategy { quota } } } } }
      info { poolGroups { name pools { url user status active shares { acceptedSolutions rejectedSolutions } } } } } }`,
    gql_tuning: `{ bosminer { config { ... on BosminerConfig { autotuning { mode powerTarget hashrateTarget } } }
      info { summary { power { limitW } } } } }`,
    gql_boards: `{ bosminer { info { workSolver { childSolvers { name realHashrate { mhs5S } nominalMhs
      hwDetails { chips frequencyMhz voltageV SERIAL } temperatures { name degreesC } } } } } }`,
    gql_events: '{ events { appeals { id kind message timestamp } } }',
  };
  const cases = [
    ['antminer-s9_63chips', '22.08-plus_2022-09-13', 's9-22.08', ''],
    ['antminer-55chips', '25.03-plus_2025-04-07', 's21-plus-25.03', 'hbSerialNumber'],
  ].flatMap(([model = '', firmware = '', name = '', serial = '']) =>
    readdirOf('braiins', model, firmware)
      .filter((file) => file.startsWith('gql_'))
      .map((file): [string, string, string, string] => [file, `${model}/${firmware}`, name, serial]),
  );

  test.skipIf(cases.length === 0).each(cases)('have the shape of %s of %s', (file, folder, name, serial) => {
    const question = (QUESTIONS[file.replace('.json', '')] ?? '').replace('SERIAL', serial);
    const captured = read('braiins', ...folder.split('/'), file) ?? '';
    const ours = new Caller({ name }).query(question);
    // Captures that were written anew have lost the points of whole numbers.
    const isRaw = !/^\s/m.test(captured);
    const loose = (all: readonly string[]) => (isRaw ? all : all.map((one) => one.replace(/:real$/, ':whole')));
    expect(new Set(loose(shapes(ours)))).toEqual(new Set(loose(shapes(captured))));
  });

  test.skipIf(cases.length === 0).each([
    ['antminer-s9_63chips/22.08-plus_2022-09-13', 's9-22.08'],
    ['antminer-55chips/25.03-plus_2025-04-07', 's21-plus-25.03'],
  ])('have the members of the version of %s', (folder, name) => {
    const captured = read('braiins', ...folder.split('/'), 'version.json') ?? '';
    expect(new Set(shapes(new Caller({ name }).say('version')))).toEqual(new Set(shapes(captured)));
  });
});
