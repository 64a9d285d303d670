const MOST = 32;
const LEAST = 8;

/** One line on stderr that is drawn over while work goes on; nothing where stderr is no terminal. */
export class Progress {
  readonly #shown = process.stderr.isTTY === true;
  #last = 0;

  /** Draws at most ten times a second. The words come first: the bar takes what they leave of the line. */
  draw(done: number, total: number, words: string): void {
    const now = Date.now();
    if (!this.#shown || (now - this.#last < 100 && done < total)) return;
    this.#last = now;
    // A terminal that does not know its size says 0.
    const columns = (process.stderr.columns || 80) - 1;
    const width = Math.min(MOST, Math.max(LEAST, columns - words.length - 2));
    const filled = total === 0 ? width : Math.round((done / total) * width);
    const line = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}  ${words}`;
    process.stderr.write(`\r\u001b[K${line.slice(0, columns)}`);
  }

  /** Clears the line, so that what follows starts on a clean one. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
  }
}
