import {
  type Examination,
  type Family,
  HeadframeError,
  type Look,
  newMemory,
  type Reply,
  seenValue,
  wasSeen,
} from '@headframe/model';
import { askHttp } from '@headframe/wire/http';
import { httpLink } from '../links/http-link.ts';
import { openLinks } from '../links/open-links.ts';
import { Requests } from './again.ts';
import { askAxeos, sendInfo } from './ask-axeos.ts';
import { askBraiins } from './ask-braiins.ts';
import { askCgminer, planFor, sampler } from './ask-cgminer.ts';
import { askEthminer, ethminerSampler } from './ask-ethminer.ts';
import { askedPage } from './ask-http.ts';
import { askSessionHolder } from './ask-luxos.ts';
import { askWhatsminer } from './ask-whatsminer.ts';
import { type Asking, type Heard, turn, USUAL } from './asking.ts';
import { clockSkew } from './clock-skew.ts';
import { exchangeOf, notSeen, typed, whyNotSeen } from './exchanges.ts';
import { FirstLook, NOT_KNOCKED, type Ports } from './first-look.ts';
import type { Remembered } from './options.ts';
import { takeSamples } from './samples.ts';
import { familyOf, readingOf, subjectOf } from './subject.ts';

/** What only a conversation with the device tells. */
export type DeviceSeen = Pick<
  Examination,
  | 'subject'
  | 'ports'
  | 'api'
  | 'again'
  | 'page'
  | 'samples'
  | 'axe'
  | 'whatsminer'
  | 'luxosSession'
  | 'braiins'
  | 'ethminer'
  | 'clockSkewS'
  | 'state'
  | 'uptimeS'
>;

export interface DeviceContext {
  readonly asking: Asking;
  readonly remembered: Remembered | null;
  /** The ports that are only knocked at; under way beside the first requests. */
  readonly knocks: Promise<Ports>;
  readonly sampleEveryMs: number;
}

/**
 * The conversation with one device: its first page and its `version` beside each other, then who it is, then its own
 * API, one connection at a time. Nothing rejects; what the end of the examination cut off was not seen.
 */
export class DeviceLook {
  readonly #asking: Asking;
  readonly #context: DeviceContext;
  readonly #requests: Requests;
  readonly #heard: Heard;
  readonly #first: FirstLook;
  #samples: DeviceSeen['samples'] = notSeen('its API does not answer');
  #axe: DeviceSeen['axe'] = notSeen('it is not known as an AxeOS device');
  #whatsminer: DeviceSeen['whatsminer'] = notSeen('it is not known as a WhatsMiner');
  #luxosSession: DeviceSeen['luxosSession'] = notSeen('it is not known as a LuxOS machine');
  #braiins: DeviceSeen['braiins'] = notSeen('it is not known as a BraiinsOS machine');
  #ethminer: DeviceSeen['ethminer'] = notSeen('it is not known as an ethminer');

  constructor(context: DeviceContext) {
    this.#context = context;
    this.#asking = context.asking;
    this.#requests = new Requests(context.asking);
    this.#first = new FirstLook(context.asking, context.knocks);
    this.#heard = this.#first.heard;
  }

  async run(): Promise<DeviceSeen> {
    let cut: HeadframeError | null = null;
    try {
      await this.#first.run();
      await this.#askApi();
    } catch (thrown) {
      // Our turn did not come, or the examination ended: what was seen until then stands.
      if (!(thrown instanceof HeadframeError)) throw thrown;
      cut = thrown;
    }
    const knocked = await this.#context.knocks;
    return this.#whole(knocked, cut);
  }

  get #family(): Family | null {
    return this.#first.identified?.family ?? familyOf(this.#context.remembered?.subject.family ?? null);
  }

  /** The port of the main API: that of the family, which is 4028 on nearly all and on what nobody knows. */
  get #apiPort(): number {
    const { doors } = this.#asking;
    const family = this.#family;
    if (family?.ports.ethminer !== undefined) return doors.ethminer ?? USUAL.ethminer;
    const isPage = family !== null && family.ports.cgminer === undefined;
    if (isPage && family.ports.http === USUAL.http) return this.#first.httpPort ?? USUAL.http;
    return this.#first.cgminerPort ?? this.#first.httpPort ?? USUAL.cgminer;
  }

  async #askApi(): Promise<void> {
    const family = this.#family;
    const port = this.#apiPort;
    if (family?.id === 'axeos' || family?.id === 'nerdqaxe') await this.#askAxe(port);
    else if (family?.ports.ethminer !== undefined) await this.#askRig(port);
    else if (family !== null && family.ports.cgminer === undefined) await this.#askPages(family, port);
    else await this.#askCommands(port);
    if (this.#heardNothing) await this.#readElsewhere();
  }

  get #heardNothing(): boolean {
    return [...this.#heard.values()].every(({ doc }) => doc === null);
  }

  /** A port that said nothing at the first look is looked at once more. False: it is deaf, and left alone. */
  async #hears(port: number): Promise<boolean> {
    const early = this.#first.deaf.get(port);
    if (early !== undefined) await this.#requests.settle(early.asked, early.send, early.reply);
    return !this.#requests.isOver;
  }

  async #askAxe(port: number): Promise<void> {
    await this.#hears(port);
    this.#axe = await askAxeos(this.#asking, port, this.#requests, this.#heard);
    if (this.#heardNothing) return;
    const ask = () => turn(this.#asking, () => sendInfo(this.#asking, port));
    await this.#sample(ask, typed.page(this.#asking.host, port, '/api/system/info'));
  }

  async #askRig(port: number): Promise<void> {
    const { doors, host } = this.#asking;
    const at = doors.ethminer ?? port;
    await this.#hears(at);
    this.#ethminer = await askEthminer(this.#asking, at, this.#requests, this.#heard);
    if (this.#heardNothing) return;
    await this.#sample(ethminerSampler(this.#asking, at), typed.rpc(host, at, 'miner_getstat1'));
  }

  /** A family whose API is a handful of pages is read once through the family itself. */
  async #askPages(family: Family, port: number): Promise<void> {
    const asking = this.#asking;
    const { dial, host } = asking;
    if (!(await this.#hears(port))) return;
    await this.#readThrough(family, { http: port });
    const telling = this.#heard.get('stats') ?? this.#heard.get('summary');
    if (telling === undefined || telling.doc === null) return;
    const path = telling.meta.request.replace(/^GET /, '');
    const link = httpLink(dial, port, asking.login(family.id)?.digest);
    await this.#sample(
      () => turn(asking, () => askHttp(link, dial.clock, { id: path, path })),
      typed.page(host, port, path),
    );
  }

  async #readThrough(family: Family, ports: Parameters<typeof openLinks>[1]): Promise<void> {
    const asking = this.#asking;
    const links = openLinks(asking.dial, ports, asking.login(family.id));
    const replies = await turn(asking, () => family.read(links, newMemory()));
    const isMain = ports.http === this.#apiPort;
    for (const reply of new Set(replies.values())) {
      const path = reply.meta.request.replace(/^GET /, '');
      if (isMain && reply.meta.ms > 0)
        this.#requests.api.push(exchangeOf(reply, askedPage(asking.host, this.#apiPort, path)));
    }
    for (const [name, reply] of replies) this.#heard.set(name, reply);
  }

  async #askCommands(port: number): Promise<void> {
    const asking = this.#asking;
    let version: Reply | null = null;
    for (const { asked, send, reply } of this.#first.early) {
      const settled = await this.#requests.settle(asked, send, reply);
      if (asked.request !== 'version') continue;
      version = settled;
      this.#heard.set('version', settled);
      // It may have come back meanwhile.
      if (settled !== reply) this.#first.hearAgain(settled);
    }
    const plan = planFor(this.#family?.id ?? null, this.#heard);
    // What answers `version` as a web server may be deaf to the next request as well.
    const isThere = this.#first.cgminerPort !== null && (await this.#hears(port));
    if (isThere) await askCgminer(asking, port, plan, this.#requests, this.#heard);
    await this.#askDialect(port, version);
    const isAnswering = (this.#heard.get('summary')?.doc ?? this.#heard.get('stats')?.doc ?? null) !== null;
    if (!isAnswering || this.#requests.isOver) return;
    const ask = sampler(asking, port, plan);
    await this.#sample(() => turn(asking, ask), typed.cgminer(asking.host, port, plan.sample.join('+')));
  }

  async #askDialect(port: number, version: Reply | null): Promise<void> {
    const asking = this.#asking;
    const id = this.#family?.id;
    if (id === 'whatsminer') {
      const knocked = await this.#context.knocks;
      const newer = asking.doors.whatsminer;
      const isOpen =
        newer !== null && seenValue(knocked[newer] ?? NOT_KNOCKED) === 'open' && !this.#first.deaf.has(newer);
      this.#whatsminer = await askWhatsminer(asking, port, isOpen ? newer : null, this.#requests, this.#heard);
    } else if (id === 'luxos' && !this.#requests.isOver) this.#luxosSession = await askSessionHolder(asking, port);
    else if (id === 'braiins' && version !== null) this.#braiins = await askBraiins(asking, version, this.#deafAt);
  }

  readonly #deafAt = (port: number): Reply | null => this.#first.deaf.get(port)?.reply ?? null;

  async #sample(ask: () => Promise<Reply>, command: string): Promise<void> {
    const { isQuick, looking, onStep } = this.#asking;
    const state = seenValue(this.#reading.state);
    this.#samples = await takeSamples({
      ask,
      wait: looking.wait,
      everyMs: this.#context.sampleEveryMs,
      // A machine that says that it rests has nothing that moves.
      mayWait: !isQuick && (state === null || state === 'mining' || state === 'unknown'),
      onStep,
      command,
    });
  }

  /** Its API is deaf: the pages of the same machine may still tell whether it hashes, to who has the password. */
  async #readElsewhere(): Promise<void> {
    const family = this.#first.identified?.family ?? null;
    const page = this.#first.pageLook;
    if (family === null || this.#first.httpPort === null || this.#first.httpPort === this.#apiPort || !wasSeen(page))
      return;
    if (family.ports.http === undefined || this.#asking.login(family.id) === undefined) return;
    await this.#readThrough(family, { http: this.#first.httpPort });
  }

  get #reading(): ReturnType<typeof readingOf> {
    return readingOf(this.#family, this.#heard, this.#asking.address);
  }

  #whole(knocked: Ports, cut: HeadframeError | null): DeviceSeen {
    const { state, uptimeS, identity } = this.#reading;
    const who = this.#first.identified === null ? null : (identity ?? this.#first.identified.identity);
    const or = <T>(look: Look<T>): Look<T> => (cut === null || wasSeen(look) ? look : whyNotSeen(cut));
    return {
      subject: subjectOf(this.#asking.address, who, this.#context.remembered, this.#apiPort),
      ports: { ...knocked, ...this.#first.ports },
      api: this.#requests.api,
      again: this.#requests.again,
      page: or(this.#first.pageLook),
      samples: or(this.#samples),
      axe: or(this.#axe),
      whatsminer: or(this.#whatsminer),
      luxosSession: or(this.#luxosSession),
      braiins: or(this.#braiins),
      ethminer: or(this.#ethminer),
      clockSkewS: clockSkew(this.#heard, this.#first.page),
      state: or(state),
      uptimeS: or(uptimeS),
    };
  }
}
