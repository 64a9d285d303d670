import { type Credentials, HeadframeError, type HttpReply, type Links, type Prepared } from '@headframe/model';

type Said = string | null | readonly (string | null)[];

/**
 * An Avalon of words: what it answers to each request is typed in a test, from the documents. A list is said one after
 * the other, the last for good; null is a connection that is closed without a byte.
 */
export class Double {
  readonly sent: string[] = [];
  readonly cookies: (string | null)[] = [];
  now = 1_700_000_000_000;
  readonly #says: Map<string, (string | null)[]>;
  readonly #pages: Readonly<Record<string, (cookie: string | null) => string>>;

  constructor(
    says: Readonly<Record<string, Said>>,
    pages: Readonly<Record<string, (cookie: string | null) => string>> = {},
  ) {
    this.#says = new Map(
      Object.entries(says).map(([key, said]) => [key, Array.isArray(said) ? [...said] : [said as string | null]]),
    );
    this.#pages = pages;
  }

  links(credentials: Credentials | null = null): Links {
    const clock = { now: () => this.now };
    return {
      clock,
      credentials,
      cgminer: { exchange: async (bytes) => this.#exchange(new TextDecoder().decode(bytes)) },
      ...(Object.keys(this.#pages).length === 0
        ? {}
        : {
            http: {
              hasCredentials: credentials !== null,
              http: async ({ path, headers }) => this.#page(path, headers?.Cookie ?? null),
            },
          }),
      as: (other) => this.links(other),
    };
  }

  async #exchange(request: string) {
    const { command, parameter } = JSON.parse(request) as { command: string; parameter?: string };
    const key = parameter === undefined ? command : `${command}|${parameter}`;
    this.sent.push(key);
    const said = this.#says.get(key) ?? this.#says.get(command);
    const now = said === undefined ? UNKNOWN : said.length > 1 ? said.shift() : said[0];
    if (now == null) throw new HeadframeError('link/closed-empty', { request: command });
    return { bytes: new TextEncoder().encode(`${now}\0`), at: this.now, ms: 1, ended: 'fin' as const };
  }

  async #page(path: string, cookie: string | null): Promise<HttpReply> {
    this.cookies.push(cookie);
    const page = this.#pages[path];
    const body = new TextEncoder().encode(page === undefined ? '' : page(cookie));
    return { status: page === undefined ? 404 : 200, headers: {}, body, at: this.now, ms: 1 };
  }
}

const status = (letter: string, code: number, msg: string, when = 1_700_000_000): string =>
  JSON.stringify({
    STATUS: [{ STATUS: letter, When: when, Code: code, Msg: msg, Description: 'cgminer 4.11.1' }],
    id: 1,
  });

const UNKNOWN = status('E', 14, 'Invalid command');
export const info = (text: string, when?: number): string => status('I', 118, `ASC 0 set info: ${text}`, when);
export const ok = status('S', 119, 'ASC 0 set OK');
export const failed = (text: string): string => status('E', 120, `ASC 0 set failed: ${text}`);
export const section = (name: string, records: readonly object[], when = 1_700_000_000): string =>
  JSON.stringify({
    STATUS: [{ STATUS: 'S', When: when, Code: 70, Msg: name, Description: 'cgminer 4.11.1' }],
    [name]: records,
    id: 1,
  });

/** What leaves, as text, in its order. */
export const leaves = ({ steps }: Prepared): string[] =>
  steps.map((step) => {
    const request = step.request('');
    return 'bytes' in request ? new TextDecoder().decode(request.bytes) : request.shown;
  });

export const verdictOf = (prepared: Prepared, reply: string, step = 0) =>
  prepared.steps[step]?.verdict({ bytes: new TextEncoder().encode(`${reply}\0`), at: 0, ms: 1, ended: 'fin' });
