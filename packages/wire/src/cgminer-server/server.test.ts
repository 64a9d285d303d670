import { describe, expect, test } from 'vitest';
import { createApiServer } from './index.ts';
import type { ApiCommand, ApiProgram } from './program.ts';
import { checkCommand, privilegedCommand } from './standard-commands.ts';
import { bare, int, list, nothing, rate, reply, say, single, status, text, user, whole, word } from './values.ts';

const NOW = 1_800_000_000_000;

const read = (name: string, run: ApiCommand['run'], joinable = true): ApiCommand => ({
  name,
  access: 'read',
  joinable,
  run,
});

/** A little program: enough commands to see what the thread does around them. */
const PROGRAM: ApiProgram = {
  description: 'cgminer 4.11.1',
  access: { listen: true, allow: 'W:127.0.0.1,R:127.0.0.2' },
  commands: [
    read('version', () => reply(status(22), single('VERSION', [['API', text('3.7')]]))),
    read('pools', () =>
      reply(
        status(7, 1),
        list('POOLS', [
          [
            ['URL', user('a"b\\c|d,e=f')],
            ['Rate', rate(1.005)],
          ],
        ]),
      ),
    ),
    read('asc', ({ parameter }) => say(83, parameter), false),
    read('stats', () => reply(status(70), list('STATS', [[['STATS', int(0)]], [['STATS', int(1)]]]))),
    read('fans', () => say(126)),
    read('nan', () => reply(status(11), single('SUMMARY', [['GHS 5s', bare('nan')]]))),
    read('members', ({ members }) => whole(`{"new_api":${members.get('new_api') === true}}`)),
    read('gone', () => nothing),
    { name: 'quit', access: 'write', joinable: false, run: () => word('BYE') },
    { name: 'save', access: 'write', joinable: false, run: ({ parameter }) => say(44, parameter) },
    checkCommand,
    privilegedCommand,
  ],
  quirks: { joinDoubleReply: true },
};

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function ask(request: string, program: ApiProgram = PROGRAM, peer = '127.0.0.1'): string {
  return latin1(createApiServer(program).answer(Buffer.from(request, 'latin1'), peer, NOW).bytes);
}

const JSON_14 = '{"STATUS":[{"STATUS":"E","When":1800000000,"Code":14,"Msg":"Invalid command"}],"id":1}\0';

describe('both forms', () => {
  test('a JSON request is answered in JSON, closed by id 1 and a NUL', () => {
    expect(ask('{"command":"version"}')).toBe(
      '{"STATUS":[{"STATUS":"S","When":1800000000,"Code":22,"Msg":"CGMiner versions","Description":"cgminer 4.11.1"}],' +
        '"VERSION":[{"API":"3.7"}],"id":1}\0',
    );
  });

  test('a text request is answered in text, each record closed by a pipe', () => {
    expect(ask('version')).toBe(
      'STATUS=S,When=1800000000,Code=22,Msg=CGMiner versions,Description=cgminer 4.11.1|VERSION,API=3.7|\0',
    );
  });

  test('what a user gave is escaped by the rules of the form, and nothing else is', () => {
    expect(ask('{"command":"pools"}')).toContain('"POOLS":[{"URL":"a\\"b\\\\c|d,e=f","Rate":1.00}]');
    expect(ask('pools')).toContain('URL=a"b\\\\c\\|d\\,e\\=f,Rate=1.00|');
  });

  test('the file name of code 44 is escaped twice in the message, a name in code 83 once', () => {
    expect(ask('save|a=b')).toContain("Msg=Configuration saved to file 'a\\\\\\=b',");
    expect(ask('asc|a=b')).toContain("Msg=Unknown config 'a\\=b',");
  });

  test('a code without an entry comes out as severity F, code -1 and its number', () => {
    expect(ask('fans')).toBe('STATUS=F,When=1800000000,Code=-1,Msg=126,Description=cgminer 4.11.1|\0');
  });

  test('nan of a fork stands bare in JSON', () => {
    expect(ask('{"command":"nan"}')).toContain('"SUMMARY":[{"GHS 5s":nan}]');
  });

  test('quit answers a single word', () => {
    expect(ask('{"command":"quit"}')).toBe('{"STATUS":"BYE","id":1}\0');
    expect(ask('quit')).toBe('BYE\0');
  });

  test('a command may close the connection without a byte', () => {
    expect(ask('gone')).toBe('');
  });
});

describe('requests', () => {
  test('only the first byte decides for JSON: a blank before the brace makes it an unknown text command', () => {
    expect(ask(' {"command":"version"}')).toBe('STATUS=E,When=1800000000,Code=14,Msg=Invalid command|\0');
  });

  test('JSON that cannot be read is 23, without a command 24, with a command that is no string 14', () => {
    expect(ask('{"command":"version"}x')).toContain('"Code":23,"Msg":"Invalid JSON"');
    expect(ask('{"cmd":"version"}')).toContain(`"Code":24,"Msg":"Missing JSON 'command'"`);
    expect(ask('{"command":5}')).toBe(JSON_14);
  });

  test('a parameter that is a number is printed as C prints it, other types count as absent', () => {
    expect(ask('{"command":"asc","parameter":-0.5}')).toContain("'-0.500000'");
    expect(ask('{"command":"asc","parameter":9223372036854775807}')).toContain("'9223372036854775807'");
    expect(ask('{"command":"asc","parameter":true}')).toContain("'(null)'");
  });

  test('a text request ends at its first NUL, its parameter begins behind the first pipe', () => {
    expect(ask('asc|a|b\0junk')).toContain("'a\\|b'");
  });

  test('a command sees the other members of a JSON request', () => {
    expect(ask('{"command":"members","new_api":true}')).toBe('{"new_api":true}\0');
  });

  test('more than one recv takes is cut there, and the answer says so', () => {
    const server = createApiServer(PROGRAM);
    const padded = Buffer.from(`{"command":"version"}${' '.repeat(5000)}`);
    const answer = server.answer(padded, '127.0.0.1', NOW);
    expect(latin1(answer.bytes)).toContain('"VERSION"');
    expect(answer.cut).toBe(true);
    expect(server.answer(padded.subarray(0, 4095), '127.0.0.1', NOW).cut).toBe(false);
  });
});

describe('joined requests', () => {
  test('each command has a slot with a list of one reply', () => {
    expect(ask('{"command":"version+nosuch"}')).toBe(
      `{"version":[${ask('{"command":"version"}').slice(0, -1)}],"nosuch":[${JSON_14.slice(0, -1)}],"id":1}\0`,
    );
    expect(ask('version+nosuch')).toBe(
      `CMD=version|${ask('version').slice(0, -1)}CMD=nosuch|STATUS=E,When=1800000000,Code=14,Msg=Invalid command|\0`,
    );
  });

  test('known commands collapse, unknown ones give the same key twice', () => {
    expect(ask('{"command":"version+version"}').split('"version":[').length).toBe(2);
    expect(ask('{"command":"x+x"}').split('"x":[').length).toBe(3);
  });

  test('a command that cannot be joined is refused in its slot, and the parameter is dropped', () => {
    expect(ask('{"command":"asc+version","parameter":"0"}')).toContain(`"Msg":"Access denied to 'asc' command"`);
  });

  test('pluses alone give only the end of the document', () => {
    expect(ask('{"command":"++"}')).toBe(',"id":1}\0');
    expect(ask('+')).toBe('\0');
  });

  test('after a join bad JSON is answered twice, until a command can be read again', () => {
    const server = createApiServer(PROGRAM);
    const say = (request: string) => latin1(server.answer(Buffer.from(request), '127.0.0.1', NOW).bytes);
    const once = say('{bad');
    expect(once.endsWith('"id":1}\0')).toBe(true);
    say('version+pools');
    expect(say('{bad')).toBe(`${once.slice(0, -1)}\0${once.slice(0, -1)},"id":1}\0`);
    say('nosuch');
    expect(say('{bad')).toBe(once);
  });

  test('a program without that bug answers once', () => {
    const server = createApiServer({ ...PROGRAM, quirks: {} });
    server.answer(Buffer.from('version+pools'), '127.0.0.1', NOW);
    expect(latin1(server.answer(Buffer.from('{bad'), '127.0.0.1', NOW).bytes).split('\0')).toHaveLength(2);
  });
});

describe('who may ask', () => {
  test('a write command is refused to a reader with 45, an unknown one with 14', () => {
    expect(ask('quit', PROGRAM, '127.0.0.2')).toContain("Code=45,Msg=Access denied to 'quit' command");
    expect(ask('nosuch', PROGRAM, '127.0.0.2')).toContain('Code=14');
    expect(ask('privileged', PROGRAM, '127.0.0.1')).toContain('Code=46,Msg=Privileged access OK');
  });

  test('check tells what exists and what who asks may call', () => {
    expect(ask('check|quit', PROGRAM, '127.0.0.2')).toContain('CHECK,Exists=Y,Access=N|');
    expect(ask('check|quit')).toContain('CHECK,Exists=Y,Access=Y|');
    expect(ask('check|nosuch')).toContain('CHECK,Exists=N,Access=N|');
  });

  test('an address that no entry has gets no byte', () => {
    expect(createApiServer(PROGRAM).admits('127.0.0.3')).toBe(false);
    expect(ask('version', PROGRAM, '127.0.0.3')).toBe('');
  });
});

describe('programs that differ', () => {
  test('a stock Antminer leaves out the comma between the first two objects of STATS', () => {
    const bmminer = { ...PROGRAM, quirks: { statsWithoutComma: true } };
    expect(ask('{"command":"stats"}', bmminer)).toContain('"STATS":[{"STATS":0}{"STATS":1}],"id":1}');
    expect(ask('stats', bmminer)).toContain('STATS=0|STATS=1|');
  });

  test('codes of its own stand beside and instead of those of cgminer', () => {
    const fork = {
      ...PROGRAM,
      codes: { 22: { severity: 'S', message: 'BMMiner versions' }, 83: null },
    };
    expect(ask('version', fork)).toContain('Code=22,Msg=BMMiner versions');
    expect(ask('asc|x', fork)).toContain('STATUS=F,When=1800000000,Code=-1,Msg=83');
  });

  test('a reply may end without a NUL', () => {
    expect(ask('{"command":"version"}', { ...PROGRAM, quirks: { noNul: true } }).endsWith('}')).toBe(true);
  });
});
