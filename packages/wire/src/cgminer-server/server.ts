import { accessList, type Grant } from './access.ts';
import { codesOf } from './codes.ts';
import type { ApiAnswer, ApiCommand, ApiForm, ApiProgram, ApiReply, ApiServer } from './program.ts';
import { escaped, JSON_END, type Look, renderReply } from './render.ts';
import { type ParsedRequest, parseRequest } from './request.ts';
import { say } from './values.ts';

const MAX_REQUEST_BYTES = 4095;

/**
 * The API thread of a cgminer-like program.
 * @throws HeadframeError `usage/invalid` when the program's groups name what it does not have: the real one does not start.
 */
export function createApiServer(program: ApiProgram): ApiServer {
  return new CgminerApi(program);
}

/** What a request runs against: who asked, in which form, when. */
interface Asked {
  readonly form: ApiForm;
  readonly grant: Grant;
  readonly peer: string;
  readonly now: number;
  readonly parameter: string | null;
  readonly members: ReadonlyMap<string, unknown>;
  readonly joined: boolean;
}

class CgminerApi implements ApiServer {
  readonly maxRequestBytes: number;
  readonly #commands: ReadonlyMap<string, ApiCommand>;
  readonly #grantOf: (address: string) => Grant | null;
  readonly #look: Look;
  readonly #doubleReplies: boolean;
  readonly #nul: string;
  /** The real thread forgets to reset this flag when a request has no readable command (`protocols.md` 1.8 no 1). */
  #lastWasJoin = false;

  constructor(program: ApiProgram) {
    this.maxRequestBytes = program.maxRequestBytes ?? MAX_REQUEST_BYTES;
    this.#commands = new Map(program.commands.map((command) => [command.name, command]));
    this.#grantOf = accessList(program.access, program.commands).grantOf;
    this.#look = {
      description: program.description,
      codeOf: codesOf(program),
      statsWithoutComma: program.quirks?.statsWithoutComma === true,
    };
    this.#doubleReplies = program.quirks?.joinDoubleReply === true;
    this.#nul = program.quirks?.noNul === true ? '' : '\0';
  }

  admits(peer: string): boolean {
    return this.#grantOf(peer) !== null;
  }

  answer(bytes: Uint8Array, peer: string, now: number): ApiAnswer {
    const grant = this.#grantOf(peer);
    const cut = bytes.length > this.maxRequestBytes;
    if (grant === null) return { bytes: new Uint8Array(0), cut: false };
    const request = parseRequest(byteString(cut ? bytes.subarray(0, this.maxRequestBytes) : bytes));
    return { bytes: bytesOf(this.#reply(request, grant, peer, now)), cut };
  }

  #reply(request: ParsedRequest, grant: Grant, peer: string, now: number): string {
    if (request.refused !== null) return this.#refuse(say(...refusal(request.refused)), now);
    this.#lastWasJoin = request.command.includes('+');
    const asked: Asked = { ...request, grant, peer, now, joined: this.#lastWasJoin };
    if (this.#lastWasJoin) return this.#join(request.command, { ...asked, parameter: null }) + this.#nul;
    const reply = this.#run(request.command, asked);
    return reply === null ? '' : reply + this.#nul;
  }

  /** JSON without a command that could be read. */
  #refuse(reply: ApiReply, now: number): string {
    const once = renderReply(reply, 'json', now, this.#look) ?? '';
    return this.#lastWasJoin && this.#doubleReplies ? once + this.#nul + once + JSON_END + this.#nul : once + this.#nul;
  }

  #join(commands: string, asked: Asked): string {
    const seen = new Set<string>();
    const slots: string[] = [];
    for (const name of commands.split('+')) {
      if (name === '' || seen.has(name)) continue;
      // Only known names collapse: an unknown one said twice gives the same key twice.
      if (this.#commands.has(name)) seen.add(name);
      const label = escaped(name, asked.form);
      const reply = this.#run(name, asked) ?? '';
      slots.push(asked.form === 'json' ? `"${label}":[${reply}]` : `CMD=${label}|${reply}`);
    }
    if (asked.form === 'text') return slots.join('');
    // Pluses alone open no object, and are still closed (transcripts, surprise 3).
    return slots.length === 0 ? JSON_END : `{${slots.join(',')}${JSON_END}`;
  }

  #run(name: string, asked: Asked): string | null {
    return renderReply(this.#replyOf(name, asked), asked.form, asked.now, this.#look);
  }

  #replyOf(name: string, asked: Asked): ApiReply {
    const command = this.#commands.get(name);
    if (command === undefined) return say(14);
    const { grant, form, peer, now, parameter, members, joined } = asked;
    if ((joined && !command.joinable) || !grant.allows(name)) return say(45, name);
    return command.run({
      command: name,
      parameter,
      form,
      joined,
      peer,
      now,
      members,
      exists: (other) => this.#commands.has(other),
      allows: (other) => this.#commands.has(other) && grant.allows(other),
    });
  }
}

/** `Missing JSON 'command'` names the member. */
const refusal = (code: 14 | 23 | 24): [number, ...string[]] => (code === 24 ? [24, 'command'] : [code]);

function byteString(bytes: Uint8Array): string {
  let out = '';
  // In pieces: an argument list has a limit.
  for (let at = 0; at < bytes.length; at += 4096) out += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return out;
}

function bytesOf(text: string): Uint8Array {
  const ascii = new TextEncoder().encode(text);
  if (ascii.length === text.length) return ascii;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
