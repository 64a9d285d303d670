import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';
import { descriptorsOf } from './proto-descriptors.ts';

/*
 * Writes the TypeScript of the gRPC contracts from their .proto files, without protoc: protobufjs reads them and
 * protoc-gen-es writes. With --check it writes nothing, names the files that are out of date and exits with 1.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONTRACT = 'packages/families/src/braiins/contract';
const PLUGIN = 'node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es';
const PARAMETER = 'target=ts,import_extension=ts,erasable_syntax=true';
/** Files of Google that ours import. */
const GOOGLE = [file_google_protobuf_struct, file_google_protobuf_timestamp, file_google_protobuf_wrappers];

const filesIn = (folder: string, pattern: string) =>
  globSync(pattern, { cwd: join(ROOT, CONTRACT, folder) })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();

const generated = await generate();
const known = new Map<string, string>();
for (const path of filesIn('generated', '**/*.ts')) {
  known.set(path, await readFile(join(ROOT, CONTRACT, 'generated', path), 'utf8'));
}
const stale = [...new Set([...generated.keys(), ...known.keys()])].filter(
  (path) => generated.get(path) !== known.get(path),
);
const said = stale.map((path) => `${CONTRACT}/generated/${path}`).join(', ');

if (stale.length === 0) console.log(`${generated.size} files of the gRPC contract are up to date.`);
else if (process.argv.includes('--check')) {
  console.error(`Not what the .proto files say: ${said}. Run: npm run proto`);
  process.exitCode = 1;
} else {
  for (const path of stale) {
    const target = join(ROOT, CONTRACT, 'generated', path);
    const text = generated.get(path);
    await mkdir(dirname(target), { recursive: true });
    if (text === undefined) await rm(target);
    else await writeFile(target, text);
  }
  console.log(`Written: ${said}.`);
}

/** The text of each file, by its path in the folder `generated`. */
async function generate(): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const path of filesIn('proto', '**/*.proto')) {
    sources.set(path, await readFile(join(ROOT, CONTRACT, 'proto', path), 'utf8'));
  }
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: [...sources.keys()],
    parameter: PARAMETER,
    protoFile: inOrder([...GOOGLE.map((file) => file.proto), ...descriptorsOf(sources)]),
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, PLUGIN)], {
    input: toBinary(CodeGeneratorRequestSchema, request),
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`protoc-gen-es: ${stderr}`);
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== '') throw new Error(`protoc-gen-es: ${response.error}`);
  return new Map(response.file.map(({ name, content }) => [name, content]));
}

/** Each file behind those that it imports, as protoc hands them over. */
function inOrder<T extends { readonly name: string; readonly dependency: readonly string[] }>(
  files: readonly T[],
): T[] {
  const ordered: T[] = [];
  const waiting = new Set(files);
  while (waiting.size > 0) {
    const ready = [...waiting].filter((file) =>
      file.dependency.every((name) => ordered.some((one) => one.name === name)),
    );
    if (ready.length === 0)
      throw new Error(`imports that are missing or go in a circle: ${[...waiting].map((f) => f.name)}`);
    for (const file of ready) waiting.delete(file);
    ordered.push(...ready);
  }
  return ordered;
}
