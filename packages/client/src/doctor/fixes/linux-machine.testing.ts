import { onTestFinished } from 'vitest';
import { tcpServer } from '../../links/loopback.testing.ts';
import { type Answer, SshDouble } from '../shell/ssh-server.testing.ts';

/*
 * A machine of Linux with a mining program whose list of addresses counts from its restart on. Its shell knows just the
 * commands that fixes send; anything else is `not found`, and noted.
 */

const VERSION =
  '{"STATUS":[{"STATUS":"S","When":1790000000,"Code":22,"Msg":"CGMiner versions","Description":"cgminer 4.11.1"}],"VERSION":[{"CGMiner":"4.11.1","API":"3.7"}],"id":1}';
const summary = (elapsed: number) =>
  `{"STATUS":[{"STATUS":"S","When":1790000000,"Code":11,"Msg":"Summary","Description":"cgminer 4.11.1"}],"SUMMARY":[{"Elapsed":${elapsed},"MHS av":90.0,"Accepted":1,"Rejected":0}],"id":1}`;
const REFUSAL =
  '{"STATUS":[{"STATUS":"E","When":1790000000,"Code":14,"Msg":"Invalid command","Description":"cgminer 4.11.1"}],"id":1}';

export class LinuxMachine {
  readonly files = new Map<string, string>();
  readonly unknown: string[] = [];
  readonly asked: string[] = [];
  /** How a restart ends; null: it takes the connection with it. */
  restartCode = 0;
  rebootDrops = true;
  diskFull = false;
  /** Takes connections, and closes them: as good as silence for who waits, and sooner told. */
  isWedged = false;
  uptimeS = 90_000;
  #allowed: string;
  #ssh: SshDouble | null = null;
  apiPort = 0;

  private constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.files.set(path, text);
    this.#allowed = this.#list();
  }

  static async start(files: Readonly<Record<string, string>>): Promise<LinuxMachine> {
    const machine = new LinuxMachine(files);
    machine.#ssh = await SshDouble.start({
      password: 'root',
      exec: async (command, input) => machine.#run(command, input),
    });
    const { ssh } = machine;
    onTestFinished(() => ssh.close());
    machine.apiPort = await tcpServer((socket) => {
      if (!/W:127\.0\.0\.1\/32/.test(machine.#allowed)) return void socket.end();
      socket.once('data', (bytes) => {
        if (machine.isWedged) return void socket.destroy();
        const { command } = JSON.parse(bytes.toString()) as { command: string };
        machine.asked.push(command);
        const replies: Record<string, string> = { version: VERSION, summary: summary(machine.uptimeS) };
        socket.end(`${replies[command] ?? REFUSAL}\0`);
      });
    });
    return machine;
  }

  get ssh(): SshDouble {
    if (this.#ssh === null) throw new Error('not started');
    return this.#ssh;
  }

  #list(): string {
    return /"api-allow"\s*:\s*"([^"]*)"/.exec(this.files.get('/config/cgminer.conf') ?? '')?.[1] ?? '';
  }

  #restart(): void {
    this.#allowed = this.#list();
    this.isWedged = false;
    this.uptimeS = 2;
  }

  async #run(command: string, input: Promise<string>): Promise<Answer> {
    const { files } = this;
    const words = (command.match(/'[^']*'|[^\s]+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
    const [name = '', ...args] = words;
    const paths = args.filter((word) => word.startsWith('/') && !word.includes('/dev/null'));
    const [path = '', to = ''] = paths;
    const text = files.get(path);
    const missing: Answer = { code: 1, err: `${name}: ${path}: No such file or directory\n` };
    if (command.startsWith('PATH=')) return { code: 0, out: this.#look(command) };
    if (/^\/etc\/init\.d\/\w+(\.sh)? restart <\/dev\/null >\/dev\/null 2>&1$/.test(command)) {
      if (!files.has(name)) return { code: 127, err: 'not found' };
      if (this.restartCode === 0) this.#restart();
      return { code: this.restartCode };
    }
    switch (name) {
      case 'echo':
        return { code: 0, out: '127.0.0.1 50000 127.0.0.1 22\n' };
      case 'ls':
        return { code: 0, out: paths.filter((one) => files.has(one)).join('\n') };
      case 'readlink':
        return { code: 0, out: `${path}\n` };
      case 'cat':
        if (args[0] === '>') {
          const given = await input;
          if (this.diskFull) return { code: 1, err: 'sh: write error: No space left on device\n' };
          files.set(path, given);
          return { code: 0 };
        }
        return text === undefined ? missing : { code: 0, out: text };
      case 'cp':
      case 'mv':
        if (text === undefined) return missing;
        files.set(to, text);
        if (name === 'mv') files.delete(path);
        return { code: 0 };
      case 'rm':
        files.delete(path);
        return { code: 0 };
      case 'sync':
        return { code: 0 };
      case 'sync;':
        this.#restart();
        return this.rebootDrops ? 'drop' : { code: 1, err: 'reboot: must be superuser\n' };
      default:
        this.unknown.push(command);
        return { code: 127, err: `${name}: not found\n` };
    }
  }

  #look(command: string): string {
    const mark = /headframe-[0-9a-f]{16}/.exec(command)?.[0] ?? '';
    const init = [...this.files.keys()].filter((path) => path.startsWith('/etc/init.d/')).join('\n');
    return `\n${mark}:ps\n  PID USER  VSZ STAT COMMAND\n  655 root 9000 S    /usr/bin/cgminer\n\n${mark}:init\n${init}\n\n${mark}:end\n`;
  }
}
