import type { AvalonMachine } from './sim-machine.ts';

export type Fields = readonly (readonly [key: string, value: string | number])[];

/** What a page does: data for a callback, or a page of HTML. */
export type PageReply =
  | { readonly callback: string; readonly fields: Fields }
  | { readonly html: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly notFound: true };

export interface Page {
  /** Without login. */
  readonly open?: boolean;
  readonly run: (machine: AvalonMachine, request: WebRequest, now: number) => PageReply;
}

export interface WebRequest {
  readonly method: string;
  /** The address by which the machine was reached. */
  readonly host: string;
  /** A field of the form that was posted, as a byte string; null where it is not there. */
  readonly field: (name: string) => string | null;
}

export const loginPage: PageReply = {
  html: '<html><head><title>Login</title></head><body><form method="post" action="login.cgi"><input type="password" name="passwd"></form></body></html>',
};

/** A page that asks its data from a script. */
export const shell = (title: string, script: string): PageReply => ({
  html: `<html><head><title>${title}</title></head><body><script>new AJAX("${script}?num=" + Math.random())</script></body></html>`,
});
