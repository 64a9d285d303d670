import { type Capability, connect, wordsOf } from '@headframe/client';
import { machineName, type Parameter } from '@headframe/model';
import { credentialsFrom, withLogin } from '../credentials-option.ts';
import { secondsAsMs } from '../options.ts';
import { json, wrap } from '../output/plain-text.ts';

interface ActionsOptions {
  timeout: string;
  credentials?: string;
  json?: boolean;
}

/** `headframe actions`: what this machine can do, with its parameters, and why it cannot do the rest. */
export async function actionsCommand(address: string, options: ActionsOptions): Promise<number> {
  const timeoutMs = secondsAsMs(options.timeout, '--timeout', 0.1, 600);
  const miner = await withLogin(credentialsFrom(options.credentials), (credentials) =>
    connect(address, { credentials, timeoutMs }),
  );
  const { capabilities } = miner;
  if (options.json === true) {
    process.stdout.write(`${json(capabilities.map(asData), 2)}\n`);
    return 0;
  }
  const { make, model, firmware } = miner.identity;
  const who = [machineName(make, model), firmware].filter((word) => word !== null).join(' ');
  const can = capabilities.filter(({ action }) => action !== null);
  const cannot = capabilities.filter(({ action }) => action === null);
  process.stdout.write(`${miner.address}  ${who}\n`);
  if (can.length > 0) process.stdout.write(`\nIt can:\n${can.map(described).join('')}`);
  if (cannot.length > 0) {
    process.stdout.write(
      `\nIt cannot:\n${cannot.map(({ name, lacks }) => wrap(`${wordsOf(name)}: ${lacks}`, '  ', '      ')).join('')}`,
    );
  }
  return 0;
}

function described({ name, does, action }: Capability): string {
  const parameters = Object.entries(action?.parameters ?? {});
  const usage = parameters.map(([key, { optional }]) => (optional ? `[${key}]` : key)).join(' ');
  const guarded = action?.guarded === undefined ? '' : ` Guarded: ${action.guarded}.`;
  return [
    wrap(`${wordsOf(name)}${usage === '' ? '' : ` ${usage}`}`, '  ', '      '),
    wrap(`${does}.${guarded}`, '      '),
    ...parameters.map(([key, parameter]) => wrap(`${key}: ${rangeOf(parameter)}`, '      ', '        ')),
  ].join('');
}

const rangeOf = ({ about, takes, source }: Parameter): string => `${about}; ${takes} (${source})`;

function asData({ name, does, action, lacks }: Capability) {
  if (action === null) return { action: wordsOf(name), does, can: false, why: lacks };
  const parameters = Object.entries(action.parameters).map(([key, parameter]) => {
    const { kind, about, unit, takes, source, optional, secret, choices } = parameter;
    return { name: key, kind, about, unit, takes, source, optional, secret, choices };
  });
  const { takes, lasting, guarded } = action;
  return { action: wordsOf(name), does, can: true, parameters, takes, lasting, guarded };
}
