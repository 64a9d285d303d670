import type { Socket } from 'node:net';
import type { Reaction } from '@headframe/families/sim';
import type { Timers } from './timers.ts';

/**
 * A device's send loop gives up on a reader that takes nothing: five attempts of 50 ms (`protocols.md` 1.1).
 * The reader then has a truncated reply.
 */
const SEND_LIMIT_MS = 250;

/**
 * Puts a reaction on the wire: chunks in their time, then the end of the connection.
 * @param done called once when the connection is over or, for `keep` and `silence`, when everything has been sent
 */
export function say(socket: Socket, reaction: Reaction, timers: Timers, done: () => void): void {
  const chunks = reaction.chunks.values();
  let callOff = () => {};
  let over = false;
  const finish = () => {
    if (over) return;
    over = true;
    callOff();
    socket.off('close', finish);
    done();
  };
  socket.once('close', finish);
  const next = () => {
    if (over || socket.destroyed) return finish();
    const { value: chunk } = chunks.next();
    if (chunk === undefined) return end();
    if (chunk.afterMs <= 0) return send(chunk.bytes);
    callOff = timers.after(chunk.afterMs, () => send(chunk.bytes));
  };
  const send = (bytes: Uint8Array) => {
    if (over || socket.destroyed) return finish();
    callOff = timers.after(SEND_LIMIT_MS, () => socket.destroy());
    socket.write(bytes, () => {
      callOff();
      next();
    });
  };
  const end = () => {
    if (reaction.end === 'keep' || reaction.end === 'silence') return finish();
    if (reaction.end === 'rst') socket.resetAndDestroy();
    else closeLikeC(socket);
  };
  next();
}

/** Closes as `close()` in C does: FIN behind what was sent, and nothing more is read. */
export function closeLikeC(socket: Socket): void {
  if (socket.destroyed) return;
  socket.end(() => socket.destroy());
}
