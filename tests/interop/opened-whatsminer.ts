import { createDecipheriv, createHash } from 'node:crypto';
import { md5crypt } from '@headframe/wire/whatsminer';
import type { Exchange } from './machines.ts';

/*
 * What travels sealed on port 4028 of a WhatsMiner (protocols.md 3.2), opened for whoever reads the table: behind the
 * bytes as they were on the wire stands what is in them. The key is the password's, with the salt that get_token told.
 */

/** What the owner of the simulated machines changed their passwords to. */
export const OWNER_PASSWORD = 'Miner_01';

export class OpenedExchanges {
  #aesKey: Uint8Array | null = null;

  shown(exchange: Exchange): Exchange {
    const [, salt] = /"salt":"([^"]+)"/.exec(exchange.reply) ?? [];
    if (salt !== undefined) {
      const key = md5crypt(OWNER_PASSWORD, salt).split('$').at(-1) ?? '';
      this.#aesKey = createHash('sha256').update(key).digest();
    }
    return { ...exchange, request: this.#opened(exchange.request), reply: this.#opened(exchange.reply) };
  }

  #opened(bytes: string): string {
    const [, data] = /^\{"enc": ?(?:1, ?"data": ?)?"([\w+/=]+)"\}/.exec(bytes) ?? [];
    if (data === undefined || this.#aesKey === null) return bytes;
    try {
      const cipher = createDecipheriv('aes-256-ecb', this.#aesKey, null).setAutoPadding(false);
      const plain = Buffer.concat([cipher.update(Buffer.from(data, 'base64')), cipher.final()]);
      return `${bytes} sealed: ${plain.toString('latin1').replace(/\0+$/, '')}`;
    } catch {
      return bytes;
    }
  }
}
