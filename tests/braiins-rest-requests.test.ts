import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { CASES } from '../packages/families/src/braiins/commands-cases.testing.ts';
import { BraiinsDouble } from '../packages/families/src/braiins/double.testing.ts';
import { perform, prepare } from '../packages/families/src/braiins/perform.testing.ts';
import { sharedPath } from './shared.ts';

/* Every request that the commands of BraiinsOS make over REST, against the descriptions that two releases publish. */

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

interface Description {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const fileOf = (release: string) => sharedPath('captures', '_schemas', 'braiins', release, 'openapi.json');

/** The same schema, which takes no field that it does not name: a misspelt one would pass otherwise. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return 'properties' in copy ? { additionalProperties: false, ...copy } : copy;
}

class Api {
  readonly #doc: Description;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(release: string) {
    this.#doc = JSON.parse(readFileSync(fileOf(release) ?? '', 'utf8')) as Description;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'api', components: strict(this.#doc.components), paths: strict(this.#doc.paths) });
  }

  /** The path of the description that a line is about; null where it has none. */
  path(line: string): string | null {
    const [verb = '', given = ''] = line.split(' ');
    const path =
      this.#doc.paths[given] === undefined
        ? given.replace(/(?<=\/pools\/)[^/]+$/, '{uid}').replace(/(?<=\/log\/)\w+$/, '{log_type}')
        : given;
    return this.#doc.paths[path]?.[verb.toLowerCase()] === undefined ? null : path;
  }

  /** What is wrong with a request: where, and why. */
  wrongWith(line: string, body: unknown): string[] {
    const path = this.path(line);
    if (path === null) return ['no such path'];
    const verb = line.split(' ')[0]?.toLowerCase() ?? '';
    const content = this.#doc.paths[path]?.[verb]?.requestBody?.content;
    if (content === undefined) return body === null ? [] : ['it takes no body'];
    const pointer = [path, verb, 'requestBody', 'content', 'application/json', 'schema'].map((part) =>
      part.replaceAll('/', '~1'),
    );
    return this.#errors(`api#/paths/${pointer.join('/')}`, body);
  }

  /** The same for a schema by its name. */
  wrongAs(name: string, value: unknown): string[] {
    return this.#errors(`api#/components/schemas/${name}`, value);
  }

  #errors($ref: string, value: unknown): string[] {
    const validate: ValidateFunction = this.#ajv.compile({ $ref });
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

interface Request {
  readonly line: string;
  readonly body: unknown;
}

/** All that leaves for an action: the login and the looks, and the change. */
async function requestsOf(
  name: string,
  given: Record<string, unknown> = {},
  before?: (machine: BraiinsDouble) => void,
): Promise<Request[]> {
  const machine = new BraiinsDouble();
  machine.open.grpc = false;
  before?.(machine);
  await perform(machine, name, given);
  return machine.requests;
}

const changes = CASES.filter(({ rest }) => rest !== null);
const said = (name: string, given: unknown): string => `${name} ${JSON.stringify(given ?? {})}`;

/** What came to the REST API behind 25.07. */
const NEWER_LINES = [
  'PUT /api/v1/actions/factory-reset',
  'PATCH /api/v1/performance/power-target/relative',
  'PATCH /api/v1/performance/hashrate-target/relative',
  'GET /api/v1/upgrade/auto-upgrade',
  'PATCH /api/v1/upgrade/auto-upgrade',
  'POST /api/v1/upgrade/restore-stock',
];
const NEWER_FIELDS = ['on_start_target_percent', 'fan_pause_runtime'];

describe.skipIf(fileOf('26.04') === null)('as 26.04 describes it', () => {
  const api = fileOf('26.04') === null ? null : new Api('26.04');

  test.each(changes.map((one) => [said(one.name, one.given), one] as const))(
    '%s',
    async (_, { name, given, before }) => {
      const requests = await requestsOf(name, given, (machine) => before?.(machine.state));
      expect(requests.map(({ line, body }) => [line, api?.wrongWith(line, body)])).toEqual(
        requests.map(({ line }) => [line, []]),
      );
    },
  );

  test('a support archive and a log are asked for', async () => {
    const machine = new BraiinsDouble();
    machine.open.grpc = false;
    for (const [name, given] of [
      ['braiins.supportarchive', { format: 'zip-encrypted' }],
      ['downloadLogs', { log: 'syslog' }],
    ] as const) {
      const prepared = await prepare(machine.links(), name, given);
      await prepared.download?.(machine.links());
    }
    const wrong = machine.requests.flatMap(({ line, body }) => api?.wrongWith(line, body));
    expect(wrong).toEqual([]);
  });

  test('the metadata of a firmware goes up', async () => {
    const machine = new BraiinsDouble();
    machine.open.grpc = false;
    const given = {
      file: { name: 'fw.tar', bytes: Uint8Array.of(1, 2, 3) },
      sha256: '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
      version: '26.04',
    };
    await perform(machine, 'updateFirmware', given);
    expect(api?.path('POST /api/v1/upgrade/system-upgrade')).not.toBeNull();
    expect(api?.wrongAs('SystemUpgradeMetadata', machine.uploads[0]?.metadata)).toEqual([]);
  });

  test('a request that is wrong would be seen', () => {
    expect(api?.wrongWith('PUT /api/v1/performance/power-target', { watts: 1 })).not.toEqual([]);
    expect(api?.wrongWith('PUT /api/v1/performance/power-target', { watt: '3000' })).not.toEqual([]);
    expect(api?.wrongWith('PUT /api/v1/actions/pause', {})).toEqual(['it takes no body']);
    expect(api?.wrongWith('PUT /api/v1/actions/dance', null)).toEqual(['no such path']);
  });
});

describe.skipIf(fileOf('25.07') === null)('as 25.07 describes it', () => {
  const api = fileOf('25.07') === null ? null : new Api('25.07');

  test.each(changes.map((one) => [said(one.name, one.given), one] as const))(
    '%s',
    async (_, { name, given, before }) => {
      const requests = await requestsOf(name, given, (machine) => before?.(machine.state));
      for (const { line, body } of requests) {
        const wrong = api?.wrongWith(line, body);
        const isNewer = NEWER_FIELDS.some((field) => JSON.stringify(body)?.includes(field));
        if (NEWER_LINES.includes(line)) expect([line, wrong]).toEqual([line, ['no such path']]);
        else if (isNewer) expect(JSON.stringify(wrong)).toMatch(new RegExp(NEWER_FIELDS.join('|')));
        else expect([line, wrong]).toEqual([line, []]);
      }
    },
  );
});
