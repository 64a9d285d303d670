import type { Identification } from '@headframe/families';
import { type ConnectClass, type Look, type PageSeen, type Reply, seenValue } from '@headframe/model';
import { askOne } from '../discovery/probe.ts';
import { askedCommand, isUnreadable, sendCommand } from './ask-cgminer.ts';
import { askedMethod } from './ask-ethminer.ts';
import { askedPage, askFirstPage, askNamingPages, isWebServer, pageSeen } from './ask-http.ts';
import { type Asking, type Heard, turn, USUAL } from './asking.ts';
import { type Asked, classSight, isDeaf, notSeen } from './exchanges.ts';
import { Identifying } from './subject.ts';

export type Ports = Record<number, Look<ConnectClass>>;

/** A request whose reply is there already, and how it would be asked again. */
export interface Early {
  readonly asked: Asked;
  readonly send: () => Promise<Reply>;
  readonly reply: Reply;
}

/** The first page and `version`, and as few of discovery's questions behind them as it takes to know who it is. */
export class FirstLook {
  readonly early: Early[] = [];
  readonly heard: Heard = new Map();
  readonly ports: Ports = {};
  /** By port: what was asked first of those, besides `version`, that said nothing. */
  readonly deaf = new Map<number, Early>();
  cgminerPort: number | null;
  httpPort: number | null;
  identified: Identification | null = null;
  page: Reply | null = null;
  pageLook: Look<PageSeen> = notSeen('no web page was asked');
  readonly #asking: Asking;
  readonly #knocks: Promise<Ports>;
  readonly #identifying = new Identifying();

  constructor(asking: Asking, knocks: Promise<Ports>) {
    this.#asking = asking;
    this.#knocks = knocks;
    this.cgminerPort = asking.doors.cgminer;
    this.httpPort = asking.doors.http;
  }

  /** Rejects when our turn does not come or the examination ends; what was heard until then stands. */
  async run(): Promise<void> {
    await this.#askFirst();
    await this.#identify();
  }

  /** `version` was answered at the second look. */
  hearAgain(version: Reply): void {
    this.identified = this.#identifying.hear('cgminer', 'version', version);
  }

  async #askFirst(): Promise<void> {
    const asking = this.#asking;
    const [cgminer, http] = [this.cgminerPort, this.httpPort];
    // The two are different programs on nearly every machine (protocols.md 0).
    const [page, version] = await turn(asking, () =>
      Promise.all([
        http === null ? null : askFirstPage(asking, http),
        cgminer === null ? null : sendCommand(asking, cgminer, 'version'),
      ]),
    );
    if (cgminer !== null && version !== null) this.#heardVersion(cgminer, version);
    if (http !== null && page !== null) this.#heardPage(http, page);
    if (!asking.isForwarded) return;
    // A named port says what it speaks by its answer only.
    if (cgminer !== null && version !== null && isWebServer(version)) {
      this.httpPort = cgminer;
      this.#heardPage(cgminer, await turn(asking, () => askFirstPage(asking, cgminer)));
    } else if (http !== null && cgminer === null && page?.error?.code.startsWith('protocol/') === true) {
      this.cgminerPort = http;
      this.#heardVersion(http, await turn(asking, () => sendCommand(asking, http, 'version')));
    }
  }

  #heardVersion(port: number, reply: Reply): void {
    const asked = askedCommand(this.#asking.host, port, 'version');
    this.early.push({ asked, send: () => sendCommand(this.#asking, port, 'version'), reply });
    this.#putPort('cgminer', port, reply);
    this.identified = this.#identifying.hear('cgminer', 'version', reply);
  }

  #heardPage(port: number, reply: Reply): void {
    this.page = reply;
    this.pageLook = pageSeen(reply, this.#asking.host, port);
    this.#keepDeaf(port, askedPage(this.#asking.host, port, '/'), () => askFirstPage(this.#asking, port), reply);
    this.#putPort('http', port, reply);
    this.identified = this.#identifying.hear('http', '/', reply);
  }

  #keepDeaf(port: number, asked: Asked, send: () => Promise<Reply>, reply: Reply): void {
    if (isDeaf(reply) && !this.deaf.has(port)) this.deaf.set(port, { asked, send, reply });
  }

  /** Under its own number, and under the usual one where it stands in for that. */
  #putPort(protocol: keyof typeof USUAL, port: number, reply: Reply): void {
    const look = classSight(reply, this.#asking.host, port);
    this.ports[port] = look;
    if (!this.#asking.isForwarded) this.ports[USUAL[protocol]] = look;
  }

  /** The questions of discovery, as few as are needed, where the first two do not tell. */
  async #identify(): Promise<void> {
    const version = this.early[0]?.reply ?? null;
    const port = this.cgminerPort;
    if (port !== null && version !== null && !isDeaf(version) && !isUnreadable(version)) {
      await this.#askNamingCommands(port);
    }
    if (this.identified === null && port !== null && version !== null && isWebServer(version))
      await this.#askPagesAt(port);
    const page = seenValue(this.pageLook);
    const isStranger = page?.isMiner === false;
    if (this.identified === null && this.httpPort !== null && page !== null && !isStranger) {
      await this.#askPagesAt(this.httpPort);
    }
    if (this.identified === null && !isStranger) await this.#askOtherDoors();
  }

  async #askNamingCommands(port: number): Promise<void> {
    for (const command of ['get_version', 'devdetails']) {
      if (this.identified !== null) return;
      const send = () => sendCommand(this.#asking, port, command);
      const reply = await turn(this.#asking, send);
      this.early.push({ asked: askedCommand(this.#asking.host, port, command), send, reply });
      if (reply.doc !== null) this.heard.set(command, reply);
      this.identified = this.#identifying.hear('cgminer', command, reply);
      if (isDeaf(reply)) return;
    }
  }

  #askPagesAt(port: number): Promise<void> {
    const asking = this.#asking;
    return askNamingPages(asking, port, (path, reply) => {
      this.#keepDeaf(port, askedPage(asking.host, port, path), () => askOne('http', asking.dial, port, path), reply);
      this.identified = this.#identifying.hear('http', path, reply);
      return this.identified !== null;
    });
  }

  async #askOtherDoors(): Promise<void> {
    const questions = [
      ['monitor', '/get_sn'],
      ['whatsminer', 'get.device.info'],
      ['ethminer', 'miner_getstat1'],
      ['grpc', 'braiins.bos.ApiVersionService/GetApiVersion'],
    ] as const;
    const { dial, doors, host, isForwarded } = this.#asking;
    const knocked = await this.#knocks;
    const open = questions.flatMap(([over, question]) => {
      const port = over === 'monitor' ? (isForwarded ? null : MONITOR_PORT) : doors[over];
      if (port === null || seenValue(knocked[port] ?? NOT_KNOCKED) !== 'open') return [];
      return [{ over, question, port, send: () => askOne(over, dial, port, question) }];
    });
    // Different programs behind different ports: a silent one is not waited for before the next.
    const replies = await turn(this.#asking, () => Promise.all(open.map(({ send }) => send())));
    for (const [i, { over, question, port, send }] of open.entries()) {
      const reply = replies[i] as Reply;
      const asked =
        over === 'ethminer' ? askedMethod(host, port, question) : { port, request: question, command: null };
      this.#keepDeaf(port, asked, send, reply);
      this.identified ??= this.#identifying.hear(over, question, reply);
    }
  }
}

/** Of newer stock Antminers: tells the serial number without a login (protocols.md 2.5). */
const MONITOR_PORT = 6060;
export const NOT_KNOCKED = notSeen('it was not knocked at');
