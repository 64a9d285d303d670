import * as form from '@headframe/wire/http';

const LIMITS: form.FormLimits = { mostParts: 8, mostHeaderBytes: 2048 };

/** The parts of a form by their names. Null for a body that is no such form, or is cut. */
export function formParts(body: Uint8Array, contentType: string): ReadonlyMap<string, Uint8Array> | null {
  const parts = form.formParts(body, contentType, LIMITS);
  const named = new Map<string, Uint8Array>();
  for (let next = parts.next(); ; next = parts.next()) {
    if (next.done === true) return next.value ? named : null;
    const { headers, content } = next.value;
    const [, name] = /^content-disposition:[^\r\n]*;\s*name="?([^";\r\n]*)/im.exec(headers) ?? [];
    if (name !== undefined) named.set(name, content);
  }
}
