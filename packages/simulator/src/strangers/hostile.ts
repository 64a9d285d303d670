import type { IncomingMessage } from 'node:http';
import type { Timers } from '../timers.ts';

/*
 * A web server that means harm to who looks at it: terminal escapes in its banner, its title and its realm, and a page that
 * never seems to end. It writes its headers itself, for Node's own server would refuse to send such ones.
 */

const ESC = '\x1b';
/** Titles of windows, colours, a cleared screen, letters that run backwards and a line of its own for a log. */
const ACTS = `${ESC}]0;owned\x07${ESC}[2J${ESC}[31m\u202eevil`;
const PAGE_BYTES = 10 * 1024 * 1024;
/** At once, so that a reader meets the title; all else in drops. */
const FIRST_BYTES = 4096;
const DROP_BYTES = 1024;
const DROP_MS = 200;

/**
 * Answers any request on its raw connection: 401 with a realm, ten megabytes that come in drops, half an hour of them.
 * It ends with the connection.
 */
export function answerHostile({ socket }: IncomingMessage, timers: Timers): void {
  const head =
    `HTTP/1.1 401 ${ACTS}\r\nServer: ${ACTS}\r\nWWW-Authenticate: Basic realm="${ACTS}"\r\n` +
    `Content-Type: text/html\r\nContent-Length: ${PAGE_BYTES}\r\nConnection: close\r\n\r\n`;
  const title = Buffer.from(`<html><head><title>${ACTS}\r\nHP LaserJet\x00</title></head><body>`);
  let sent = FIRST_BYTES;
  socket.write(Buffer.concat([Buffer.from(head), title, letters(FIRST_BYTES - title.length)]));
  let callOff = () => {};
  const drop = (): void => {
    if (socket.destroyed) return;
    const size = Math.min(DROP_BYTES, PAGE_BYTES - sent);
    if (size <= 0) return void socket.end();
    sent += size;
    socket.write(letters(size));
    callOff = timers.after(DROP_MS, drop);
  };
  callOff = timers.after(DROP_MS, drop);
  socket.once('close', () => callOff());
}

const letters = (size: number): Buffer => Buffer.alloc(Math.max(0, size), `<p>${ACTS}`);
