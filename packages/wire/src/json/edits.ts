/** A change of a text at one place: `remove` bytes go, `insert` (ASCII) comes. */
export interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** The bytes with the edits, which are in the order of their places, up to the place of the last one. */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let size = (edits.at(-1) as Edit).at;
  for (const edit of edits) size += edit.insert.length - edit.remove;
  const out = new Uint8Array(size);
  let read = 0;
  let write = 0;
  for (const { at, remove, insert } of edits) {
    out.set(bytes.subarray(read, at), write);
    write += at - read;
    for (let i = 0; i < insert.length; i++) out[write++] = insert.charCodeAt(i);
    read = at + remove;
  }
  return out;
}
