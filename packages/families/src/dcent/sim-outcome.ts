import { CONFIG_PATH, faultIn, type Section, withSection } from './sim-config.ts';
import type { JsonRecord } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';
import { accept, CONFIG, type DcentReply, NO_VALUE, refuse } from './sim-reply.ts';

/*
 * Commands of the LuxOS-like layer do what the REST API of the same daemon does, and carry its whole answer in a section
 * of their own: with their code when it went well, with 28 when not. Its `message` becomes the message; an answer
 * without one makes it `OK` or `rejected`.
 */

export function done(section: string, code: number, body: JsonRecord): DcentReply {
  return accept(code, messageOf(body) ?? 'OK', { [section]: [body] });
}

export function failed(section: string, body: JsonRecord): DcentReply {
  return refuse(NO_VALUE, messageOf(body) ?? 'rejected', { [section]: [body] });
}

const messageOf = ({ message }: JsonRecord): string | null => (typeof message === 'string' ? message : null);

/** Hardware that the daemon is not sure of is only read; null when it is sure. The words of this answer are ours. */
export function unproven(machine: DcentMachine, section: string, route: string): DcentReply | null {
  if (!machine.quirks.unprovenHardware) return null;
  const message = `${route}: not granted to hardware that is not identified`;
  return failed(section, { status: 'error', kind: 'unknown_hardware', http_status: 409, message });
}

/** Writes keys of a section into the file. The answer tells the whole file, with the passwords of the pools. */
export function configure(machine: DcentMachine, answerIn: string, section: string, change: Section): DcentReply {
  const refused = unproven(machine, answerIn, '/api/config');
  if (refused !== null) return refused;
  const config = withSection(machine.config, section, change);
  const fault = faultIn(config, machine.plan);
  if (fault !== null) return failed(answerIn, { error: fault, code: 'config_validation' });
  machine.config = config;
  return done(answerIn, CONFIG, {
    status: 'ok',
    message: 'Configuration updated. Restart required to apply.',
    config_path: CONFIG_PATH,
    config,
  });
}
