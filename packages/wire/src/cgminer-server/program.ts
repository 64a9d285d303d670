/**
 * A cgminer-like program as data: what a device tells its API thread, and what the thread tells the device.
 * The thread itself (framing, parsing, joins, access control, rendering) is `createApiServer`; here is only what
 * differs between cgminer, the bmminer of stock Antminers, Avalon's cgminer and others.
 *
 * Strings of devices are byte strings: each character stands for one byte (0 to 255), because the real program handles
 * bytes and passes invalid UTF-8 through. ASCII is written as it is; for other text use `utf8('größe')`.
 */

/** The two forms of requests and replies; the reply has the form of its request (`protocols.md` 1.1). */
export type ApiForm = 'json' | 'text';

/**
 * How a value is printed (`protocols.md` 1.3, number formats).
 * - `text`: the program's own text, never escaped. `user`: text that a user gave, escaped by the rules of the form.
 * - `fixed`: that many decimals. `bare`: written as it is in both forms, without quotes (`inf`, nested JSON, odd forks).
 * Both `text` and `user` are quoted in JSON and bare in text form.
 */
export type ApiValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'bare'; readonly text: string }
  | { readonly kind: 'fixed'; readonly value: number; readonly digits: number };

/** One record of a section: names and values in the order of the wire. */
export type ApiRecord = readonly (readonly [name: string, value: ApiValue])[];

export interface ApiSection {
  /** The JSON key, `SUMMARY`. */
  readonly name: string;
  /**
   * What stands before the first field in text form: `SUMMARY,Elapsed=9`. Null for lists, whose records begin with
   * their indexed field (`POOL=0,...`).
   */
  readonly heading: string | null;
  readonly records: readonly ApiRecord[];
}

/** One status line: a code of the program's table and what goes into its message. */
export interface ApiStatus {
  /** A code without an entry comes out as severity F, code -1 and the number as message (`protocols.md` 1.6). */
  readonly code: number;
  /** For each `%d` and `%s` of the message, in order. Null prints `(null)`, as C does. */
  readonly values: readonly (string | number | null)[];
}

export type ApiReply =
  /** The usual reply. Several statuses stand back to back without a comma (`setconfig`, `protocols.md` 1.8 no 2). */
  | { readonly kind: 'status'; readonly statuses: readonly ApiStatus[]; readonly section: ApiSection | null }
  /** `{"STATUS":"BYE","id":1}` or `BYE`: quit and restart. */
  | { readonly kind: 'word'; readonly word: string }
  /** Already in the form of the wire, without the closing NUL (replay, odd commands of forks). */
  | { readonly kind: 'whole'; readonly text: string }
  /** The connection closes without a byte (Avalon's reboot). */
  | { readonly kind: 'nothing' };

/** Who asks, and what of the request the command may see. */
export interface ApiRequest {
  readonly command: string;
  /** Null: absent. Integers of JSON come as printed integers, reals as `%f` (`protocols.md` 1.2). Always null in a join. */
  readonly parameter: string | null;
  readonly form: ApiForm;
  /** Part of a joined request, also one of a single command (`version+`). */
  readonly joined: boolean;
  /** IP address of who asks. */
  readonly peer: string;
  /** Epoch ms of the device's clock. */
  readonly now: number;
  /** All other members of a JSON request, decoded: bmminer reads a boolean `new_api` there (`protocols.md` 2.1). */
  readonly members: ReadonlyMap<string, unknown>;
  /** Whether the program has this command, and whether who asks may call it: for `check`. */
  readonly exists: (command: string) => boolean;
  readonly allows: (command: string) => boolean;
}

export interface ApiCommand {
  /** Case-sensitive. */
  readonly name: string;
  /** Write-class commands are for group W and for groups that name them; read-class ones for every group (1.7). */
  readonly access: 'read' | 'write';
  /** False: code 45 inside a join, whoever asks. */
  readonly joinable: boolean;
  /** What the command does and answers. Writes change the device's own state here. Must not throw. */
  readonly run: (request: ApiRequest) => ApiReply;
}

/** A status code of the program's own, or another text for one of cgminer's. */
export interface ApiCode {
  /** S, I, W, E or F. */
  readonly severity: string;
  /** With `%d` and `%s`. */
  readonly message: string;
  /** The values are escaped before they go into the message, which is escaped again: 43, 44, 53 and 68 of cgminer. */
  readonly escapedTwice?: boolean;
  /** The record ends behind `Msg`, without `Description`: 14 of cgminer. */
  readonly bare?: boolean;
}

/** Oddities of a whole program; all off unless named. */
export interface ApiQuirks {
  /** After a join, bad JSON is answered twice (`protocols.md` 1.8 no 1). Real in cgminer 4.11.1. */
  readonly joinDoubleReply?: boolean;
  /** No comma between the first two objects of STATS in JSON: `}{` (stock Antminer, `protocols.md` 1.11). */
  readonly statsWithoutComma?: boolean;
  /** Replies end without a NUL. */
  readonly noNul?: boolean;
}

/** Who may ask: the flags of the program (`protocols.md` 1.7). */
export interface ApiAccess {
  /** `--api-listen`: without a list, 127.0.0.1 and ::1 may read. False: the API is off, nobody is admitted. */
  readonly listen: boolean;
  /** `--api-network`: without a list, every address may read. */
  readonly network?: boolean;
  /** `--api-allow`, such as `W:127.0.0.1,R:10.0/16,A:0/0`: replaces both. */
  readonly allow?: string;
  /** `--api-groups`, such as `A:stats:pools:devs:summary:version`. */
  readonly groups?: string;
}

export interface ApiProgram {
  /** `Description` of every status: `cgminer 4.11.1`. */
  readonly description: string;
  readonly commands: readonly ApiCommand[];
  readonly access: ApiAccess;
  /** Entries beside or instead of cgminer's. Null takes an entry away (the code then comes out as F, -1). */
  readonly codes?: Readonly<Record<number, ApiCode | null>>;
  readonly quirks?: ApiQuirks;
  /** How many bytes one `recv` takes; 4095 unless told otherwise (`protocols.md` 1.1). */
  readonly maxRequestBytes?: number;
}

/** The API thread of one running program. Keeps only what the real one keeps: whether the last request was a join. */
export interface ApiServer {
  /** False: this peer's connection is accepted and closed without a byte (`protocols.md` 1.1). */
  admits(peer: string): boolean;
  /**
   * Answers what one `recv` gave. Never throws; takes time in proportion to the bytes given and the reply made.
   * @param bytes the first segment of the request, empty when the client half-closed without data
   * @param peer IP address
   * @param now epoch ms of the device's clock
   */
  answer(bytes: Uint8Array, peer: string, now: number): ApiAnswer;
  /** How many bytes one `recv` takes. */
  readonly maxRequestBytes: number;
}

export interface ApiAnswer {
  /** What goes on the wire, with its NUL or NULs; empty when the connection just closes. */
  readonly bytes: Uint8Array;
  /** The request was longer than one `recv`: the rest stays unread, and the close is a RST behind the reply. */
  readonly cut: boolean;
}
