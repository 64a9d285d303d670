const WIDTH = 32;

/** One line on stderr that is drawn over while work goes on; nothing where stderr is no terminal. */
export class Progress {
  readonly #shown = process.stderr.isTTY === true;
  #last = 0;

  /** Draws at most ten times a second. */
  draw(done: number, total: number, words: string): void {
    const now = Date.now();
    if (!this.#shown || (now - this.#last < 100 && done < total)) return;
    this.#last = now;
    const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
    const line = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}  ${words}`;
    process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  /** Clears the line, so that what follows starts on a clean one. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
  }
}
