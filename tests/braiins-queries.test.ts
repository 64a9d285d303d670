import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { LOGIN, METHODS, restPath } from '../packages/families/src/braiins/door-methods.ts';
import { QUERIES, queryFor } from '../packages/families/src/braiins/graphql.ts';
import { QUESTIONS } from '../packages/families/src/braiins/questions.ts';
import { isSince, type Release, releaseIn } from '../packages/families/src/braiins/release.ts';
import { sharedPath } from './shared.ts';

/* What is asked of BraiinsOS, held against the descriptions that the vendor publishes for each release. */

const schemas = sharedPath('captures', '_schemas', 'braiins');

const release = (text: string): Release => {
  const found = releaseIn(`2020-01-01-0-00000000-${text}-plus`);
  if (found === null) throw new Error(`${text} is no release`);
  return found;
};

describe.each(['21.09', '24.09', '25.03', '25.05.1'])('the GraphQL of %s', (version) => {
  test.skipIf(schemas === null).each(QUERIES)('has every field of the query %s', (name) => {
    const schema = buildSchema(readFileSync(`${schemas}/${version}/schema.graphql`, 'utf8'));
    const query = queryFor(name, release(version));
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
    // What is asked where the release is not known must be there in every release.
    expect(validate(schema, parse(queryFor(name, null))).map(({ message }) => message)).toEqual([]);
  });

  test.skipIf(schemas === null)('asks for no password and nothing that outgrows 32 bits', () => {
    for (const name of QUERIES) {
      expect(queryFor(name, release(version))).not.toMatch(
        /password|generatedWork|bestShare|(?:accepted|rejected|stale)Difficulty/,
      );
    }
  });
});

describe('a release between two published descriptions', () => {
  test.skipIf(schemas === null).each([
    ['22.08', '21.09'],
    ['23.04', '21.09'],
    ['24.11', '24.09'],
    ['25.05', '25.03'],
  ])('%s is asked for no more than %s has', (version, published) => {
    const schema = buildSchema(readFileSync(`${schemas}/${published}/schema.graphql`, 'utf8'));
    for (const name of QUERIES) {
      const errors = validate(schema, parse(queryFor(name, release(version))));
      expect(errors.map(({ message }) => message)).toEqual([]);
    }
  });
});

describe.each(['25.07', '26.04'])('the REST API of %s', (version) => {
  test.skipIf(schemas === null).each(QUESTIONS)('answers GET $method.rest.path', ({ method: { rest }, restSince }) => {
    const text = readFileSync(`${schemas}/${version}/openapi.json`, 'utf8');
    const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
    const isThere = restSince === undefined || isSince(release(version), restSince);
    expect(paths[restPath(rest.path)]?.get !== undefined).toBe(isThere);
  });

  test.skipIf(schemas === null)('answers the version without a login, and logs in', () => {
    const { paths } = JSON.parse(readFileSync(`${schemas}/${version}/openapi.json`, 'utf8'));
    expect(paths[restPath(METHODS.GetApiVersion.rest.path)].get).toBeDefined();
    expect(paths[restPath(LOGIN.rest.path)].post).toBeDefined();
  });
});
