import type { JsonObject } from '@bufbuild/protobuf';
import { REFUSE } from './sim-refusal.ts';

/*
 * Advanced settings. Only three names of them are published, in the comments of the contract; their types are those of the
 * values there, their ranges and the other words of `rambo_mode` are ours.
 */

interface Setting {
  readonly schema: JsonObject;
  readonly usual: boolean | number | string;
  readonly fits: (value: unknown) => boolean;
}

const RAMBO = ['off', 'cautious', 'normal'];

const SETTINGS: Readonly<Record<string, Setting>> = {
  allow_disabling_hashboards_on_nopic_miners: {
    schema: { type: 'boolean', default: false },
    usual: false,
    fits: (value) => typeof value === 'boolean',
  },
  min_fan_pwm: {
    schema: { type: 'integer', minimum: 0, maximum: 100, default: 0 },
    usual: 0,
    fits: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100,
  },
  rambo_mode: {
    schema: { type: 'string', enum: RAMBO, default: 'off' },
    usual: 'off',
    fits: (value) => typeof value === 'string' && RAMBO.includes(value),
  },
};

export const advancedSchema = (): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: Object.fromEntries(Object.entries(SETTINGS).map(([name, { schema }]) => [name, schema])),
  additionalProperties: false,
});

/** Names and values of what was changed, or of all. */
export function advancedValues(changed: Readonly<Record<string, unknown>>, all: boolean): JsonObject {
  const values: JsonObject = {};
  for (const [name, { usual, fits }] of Object.entries(SETTINGS)) {
    const value = changed[name];
    if (fits(value)) values[name] = value as typeof usual;
    else if (all) values[name] = usual;
  }
  return values;
}

/**
 * What is set after a change: all of it or nothing, null clears.
 * @throws ApiRefusal for a name that is not known or a value that does not fit
 */
export function advancedAfter(before: Readonly<Record<string, unknown>>, change: JsonObject): Record<string, unknown> {
  const after = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(change)) {
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (setting === undefined) throw REFUSE.invalid(`unknown setting '${name}'`);
    if (value === null) after.delete(name);
    else if (setting.fits(value)) after.set(name, value);
    else throw REFUSE.invalid(`setting '${name}' does not fit its schema`);
  }
  return Object.fromEntries(after);
}
