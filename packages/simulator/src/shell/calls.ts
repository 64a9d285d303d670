import type { Files } from './files.ts';
import type { Shell } from './interpreter.ts';

export interface Input {
  /** What is not read yet. */
  rest: string;
}

export interface Sink {
  write(text: string): void;
}

export interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly input: Input;
  readonly out: Sink;
  readonly err: Sink;
  readonly shell: Shell;
}

/** @returns its exit status */
export type Program = (call: Call) => number;

export interface ShellWorld {
  readonly files: Files;
  /** By name, as they are on the PATH; those with a path of their own by that. */
  readonly programs: ReadonlyMap<string, Program>;
}

/** A part of a script is left. */
export class Leave {
  readonly how: 'exit' | 'return' | 'break' | 'continue';
  levels: number;
  constructor(how: Leave['how'], levels: number) {
    this.how = how;
    this.levels = levels;
  }
}
/** It did too much: the script is killed. */
export class OutOfBounds extends Error {}

export interface Streams {
  readonly input: Input;
  readonly out: Sink;
  readonly err: Sink;
}
