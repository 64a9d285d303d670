import { describe, expect, test } from 'vitest';
import { snapshotFields } from './fields.ts';
import { LABELS } from './labels.ts';
import { FIELD_META } from './quantity.ts';
import { SnapshotSchema } from './snapshot.ts';

const field = (pointer: string) => snapshotFields().find((one) => one.pointer === pointer);

describe('the flat list of fields', () => {
  test('says of a number where it is, what it is and in which unit', () => {
    expect(field('/hashrate/currentHs')).toEqual({
      pointer: '/hashrate/currentHs',
      key: 'hashrate.currentHs',
      label: 'Hashrate',
      help: 'Hashrate over the shortest honest window that the machine offers',
      type: 'number',
      choices: [],
      nullable: true,
      unit: 'H/s',
      metric: 'headframe_hashrate_hashes_per_second',
      counter: false,
    });
  });

  test('has a star for every element of a list', () => {
    expect(field('/hashboards/*/tempC')).toMatchObject({ label: 'Board temp', unit: '°C' });
    expect(field('/hashboards/*/chips/*/tempC')).toMatchObject({ key: 'chip.tempC', metric: null });
    expect(field('/sources/*/reply')).toMatchObject({ type: 'text', nullable: false });
  });

  test('knows what is behind a null', () => {
    expect(field('/psu')).toMatchObject({ type: 'record', nullable: true });
    expect(field('/psu/fanRpm')).toMatchObject({ type: 'number', nullable: true, unit: 'rpm' });
    expect(field('/gaps/*/error/code')).toMatchObject({ type: 'text' });
  });

  test('knows choices, flags, texts, whole numbers and lists', () => {
    expect(field('/state')).toMatchObject({
      type: 'choice',
      choices: ['mining', 'starting', 'paused', 'idle', 'fault', 'unknown'],
      nullable: false,
    });
    expect(field('/powerBasis')).toMatchObject({ choices: ['measured', 'estimated'], nullable: true });
    expect(field('/pools/*/active')).toMatchObject({ type: 'boolean', nullable: true });
    expect(field('/identity/mac')).toMatchObject({ type: 'text', nullable: true });
    expect(field('/fans/*/slot')).toMatchObject({ type: 'integer', nullable: false });
    expect(field('/hashboards')).toMatchObject({ type: 'list', key: 'snapshot.hashboards' });
  });

  test('tells counters from gauges', () => {
    expect(field('/shares/accepted')).toMatchObject({ counter: true, metric: 'headframe_shares_accepted_total' });
    expect(field('/fans/*/rpm')).toMatchObject({ counter: false, metric: 'headframe_fan_rpm' });
  });

  test('names no field and no metric twice', () => {
    const pointers = snapshotFields().map((one) => one.pointer);
    expect(new Set(pointers).size).toBe(pointers.length);
    const metrics = snapshotFields().flatMap((one) => one.metric ?? []);
    expect(new Set(metrics).size).toBe(metrics.length);
  });

  test('metric names follow the rules: lower case, counters end in _total', () => {
    for (const { metric, counter } of snapshotFields()) {
      if (metric === null) continue;
      expect(metric).toMatch(/^headframe_[a-z][a-z_]*[a-z]$/);
      expect(metric.endsWith('_total')).toBe(counter);
    }
  });
});

describe('labels', () => {
  const inSchema = new Set(labelKeys(SnapshotSchema));

  test('every label key of the schema has a text', () => {
    expect([...inSchema].filter((key) => LABELS[key] === undefined)).toEqual([]);
  });

  test('no text is without a field', () => {
    expect(Object.keys(LABELS).filter((key) => !inSchema.has(key))).toEqual([]);
  });

  test('heads are short enough for a column, and say no unit', () => {
    for (const { head, help } of Object.values(LABELS)) {
      expect(head).toMatch(/^[A-Z].{1,13}$/);
      expect(head).not.toMatch(/°C|TH|rpm|MHz|\(s\)/);
      expect(help).toMatch(/[^.]$/);
    }
  });

  test('every field of the schema has a label', () => {
    expect(unlabelled(SnapshotSchema, '')).toEqual([]);
  });
});

/** Every label in a schema, found without the walk that is under test. */
function labelKeys(schema: unknown): string[] {
  return [...JSON.stringify(schema).matchAll(new RegExp(`"${FIELD_META}":\\{"label":"([^"]+)"`, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

/** Fields without a label; a record that is always there needs none, its fields have theirs. */
function unlabelled(schema: unknown, path: string): string[] {
  const node = schema as Record<string, unknown>;
  const inner = [
    ...Object.entries((node.properties ?? {}) as object).map(([name, one]) => [`${path}/${name}`, one] as const),
    ...(node.items === undefined ? [] : [[`${path}/*`, node.items] as const]),
    ...((node.anyOf ?? []) as unknown[]).map((one) => [path, one] as const),
  ].flatMap(([at, one]) => unlabelled(one, at));
  const isRecord = node.type === 'object' || path.endsWith('*');
  const isPart = node[FIELD_META] === undefined && (node.type === 'null' || path === '');
  return [
    ...inner.filter((at) => at !== path),
    ...(node[FIELD_META] === undefined && !isRecord && !isPart ? [path] : []),
  ];
}
