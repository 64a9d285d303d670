import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { HeadframeError } from '@headframe/model';

/** Whether somebody sits at the terminal who can be asked. */
export const isAsking = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks on stderr: stdout may go to a program. Ctrl-C and the end of the input are a no. */
export const ask = (question: string): Promise<string> => read(question, process.stderr);

/** The same without showing what is typed. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const typed = await read('', new Writable({ write: (_chunk, _encoding, done) => done() }));
  process.stderr.write('\n');
  return typed;
}

async function read(question: string, output: NodeJS.WritableStream): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const stop = new AbortController();
    terminal.once('close', () => stop.abort());
    terminal.once('SIGINT', () => stop.abort());
    return await terminal.question(question, { signal: stop.signal });
  } catch (error) {
    throw new HeadframeError('usage/invalid', { detail: 'Nothing was answered; nothing was sent' }, error);
  } finally {
    terminal.close();
  }
}
