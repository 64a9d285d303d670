/** The output switches of a cgminer-like program, as its `debug` command shows and flips them (`protocols.md` 1.4). */
export class DebugSettings {
  silent = false;
  quiet = false;
  verbose = false;
  debug = false;
  rpcProto = false;
  perDevice = false;
  workTime = false;

  /** Back to what the program starts with. */
  reset(): void {
    this.silent = false;
    this.#normal();
  }

  /**
   * Only the first letter counts, in any case; an unknown one changes nothing. `s` cannot be taken back
   * (`protocols.md` 1.4; transcripts, surprise 14).
   */
  apply(letter: string): void {
    switch (letter.toLowerCase()) {
      case 's':
        this.silent = true;
        break;
      case 'q':
        this.quiet = !this.quiet;
        break;
      case 'v':
        this.verbose = !this.verbose;
        if (this.verbose) this.quiet = false;
        break;
      case 'd':
        this.debug = !this.debug;
        this.verbose = this.debug;
        if (this.debug) this.quiet = false;
        break;
      case 'r':
        this.rpcProto = !this.rpcProto;
        if (this.rpcProto) this.quiet = false;
        break;
      case 'p':
        this.perDevice = !this.perDevice;
        this.verbose = this.perDevice;
        break;
      case 'w':
        this.workTime = !this.workTime;
        break;
      case 'n':
        this.#normal();
        break;
    }
  }

  #normal(): void {
    this.quiet = false;
    this.verbose = false;
    this.debug = false;
    this.rpcProto = false;
    this.perDevice = false;
    this.workTime = false;
  }
}
