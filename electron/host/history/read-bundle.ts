import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod/mini';
import { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { ChainedRecord } from '../../../shared/history/journal-chain.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { BundleEntry } from '../../../shared/support/bundle-entries.ts';
import { readTar } from '../../../shared/support/untar.ts';

export const fileBytesAtMost = 256 * 1024 * 1024;
const contentBytesAtMost = 1024 * 1024 * 1024;
const knownSchema = 1;

const Manifest = z.object({
  schema: z.int(),
  kind: z.literal('ixha-support-bundle'),
  site: z.nullable(z.string()),
  madeAt: z.iso.datetime(),
  productVersion: z.string(),
  files: z.array(
    z.object({ path: z.string(), bytes: z.int(), sha256: z.string(), cut: z.optional(z.string()) }),
  ),
  missing: z.array(z.object({ from: z.string(), what: z.string(), why: z.string() })),
});

/** A line of a journal in a bundle, with the checksum of its original. */
const BundledRecord = z.extend(JournalRecord, {
  lineHash: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
});

/** What an agent's server found of its own journal before anything was left out of it. */
const OwnVerdict = z.object({ whole: z.boolean(), records: z.int() });

export interface BundledJournal {
  readonly cluster: string;
  readonly server: string;
  readonly records: readonly ChainedRecord[];
  /** Why it is not the whole journal; null: it is. */
  readonly cut: string | null;
  /** What its own server said of its chain; null: it said nothing. */
  readonly wholeThere: boolean | null;
}

export interface ReadBundle {
  readonly fileName: string;
  /** Null: it is about one server alone. */
  readonly site: string | null;
  readonly madeAt: string;
  readonly productVersion: string;
  readonly journals: readonly BundledJournal[];
  readonly missing: readonly { readonly from: string; readonly what: string; readonly why: string }[];
}

const unzip = promisify(gunzip);

/**
 * Reads a support bundle whole and compares every file in it with its manifest. Nothing else is asked for anything.
 * Errors: bundle.unreadable, bundle.damaged, bundle.foreign.
 */
export async function readBundle(path: string): Promise<Result<ReadBundle, ProductError>> {
  const zipped = await readWithin(path);
  return zipped.ok ? readBundleBytes(zipped.value, basename(path)) : zipped;
}

/** The same of a bundle that was handed over as its bytes. Errors: bundle.damaged, bundle.foreign. */
export async function readBundleBytes(
  zipped: Uint8Array,
  name: string,
): Promise<Result<ReadBundle, ProductError>> {
  const entries = await unpack(zipped, name);
  if (!entries.ok) return entries;
  const manifest = manifestOf(entries.value, name);
  if (!manifest.ok) return manifest;
  const { files, missing, site, madeAt, productVersion } = manifest.value;
  const content = new Map(entries.value.map((entry) => [withoutFolder(entry.path), entry.content]));
  const wrong = files.flatMap((file) => wrongIn(file, content.get(file.path)));
  if (wrong.length > 0) {
    return fail(productError('bundle.damaged', `${name} is not what its own list of files says.`, wrong));
  }
  const journals: BundledJournal[] = [];
  for (const { path: file, cut } of files.filter(({ path: one }) => one.endsWith('/journal.jsonl'))) {
    const journal = journalOf(file, content, cut ?? null);
    if (typeof journal === 'string') return fail(productError('bundle.damaged', `${name}: ${journal}`));
    if (journal !== null) journals.push(journal);
  }
  return succeed({ fileName: name, site, madeAt, productVersion, journals, missing });
}

/** What is said of a file that cannot be one. */
export function tooLarge(name: string): ProductError {
  const most = fileBytesAtMost / 1024 / 1024;
  return productError('bundle.foreign', `${name} is larger than any bundle (${most} MB).`);
}

async function readWithin(path: string): Promise<Result<Uint8Array, ProductError>> {
  try {
    const about = await stat(path);
    if (!about.isFile()) return fail(productError('bundle.unreadable', `${path} is no file.`));
    if (about.size > fileBytesAtMost) {
      return fail(tooLarge(path));
    }
    const file = await open(path, 'r');
    try {
      return succeed(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? 'unknown cause'})`;
    return fail(productError('bundle.unreadable', `${path} ${why}.`));
  }
}

async function unpack(zipped: Uint8Array, name: string): Promise<Result<BundleEntry[], ProductError>> {
  if (zipped[0] !== 0x1f || zipped[1] !== 0x8b) {
    return fail(productError('bundle.foreign', `${name} is no support bundle: it is not compressed as one.`));
  }
  try {
    const archive = await unzip(zipped, { maxOutputLength: contentBytesAtMost });
    const entries = readTar(archive);
    if (entries !== null) return succeed(entries);
    return fail(productError('bundle.damaged', `${name} is no whole archive.`));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const early = code === 'Z_BUF_ERROR' ? 'ends in the middle' : 'cannot be unpacked';
    return fail(productError('bundle.damaged', `${name} ${early} (${code ?? 'unknown cause'}).`));
  }
}

function manifestOf(
  entries: readonly BundleEntry[],
  name: string,
): Result<z.infer<typeof Manifest>, ProductError> {
  const entry = entries.find(({ path }) => withoutFolder(path) === 'manifest.json');
  if (entry === undefined) {
    return fail(productError('bundle.foreign', `${name} is no support bundle: it has no list of files.`));
  }
  const parsed = z.safeParse(Manifest, parseJson(textOf(entry.content)));
  if (!parsed.success) {
    return fail(
      productError('bundle.foreign', `${name} is no support bundle: its list of files is another.`),
    );
  }
  const { schema, productVersion } = parsed.data;
  if (schema === knownSchema) return succeed(parsed.data);
  const said = `${name} is of a form (${schema}) that this console does not know; version ${productVersion} made it.`;
  return fail(productError('bundle.foreign', said));
}

/** Every bundle has one folder at its top, named after the file. */
function withoutFolder(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

function wrongIn(
  { path, bytes, sha256 }: { readonly path: string; readonly bytes: number; readonly sha256: string },
  content: Uint8Array | undefined,
): string[] {
  if (content === undefined) return [`${path} is missing in it`];
  if (content.byteLength !== bytes) return [`${path} has ${content.byteLength} bytes instead of ${bytes}`];
  const seen = createHash('sha256').update(content).digest('hex');
  return seen === sha256 ? [] : [`${path} was changed: its checksum is another`];
}

/** Null: it has no record. A text: why it cannot be read. */
function journalOf(
  path: string,
  content: ReadonlyMap<string, Uint8Array>,
  cut: string | null,
): BundledJournal | null | string {
  const lines = textOf(content.get(path)!)
    .split('\n')
    .filter((line) => line !== '');
  const records: ChainedRecord[] = [];
  for (const [index, line] of lines.entries()) {
    const record = z.safeParse(BundledRecord, parseJson(line));
    if (!record.success) return `line ${index + 1} of ${path} is no record of a journal.`;
    records.push(record.data);
  }
  const [first] = records;
  if (first === undefined) return null;
  const { cluster, server } = first;
  if (records.some((record) => record.cluster !== cluster || record.server !== server)) {
    return `${path} holds records of more than one member.`;
  }
  const said = content.get(path.replace(/journal\.jsonl$/, 'journal-chain.json'));
  const own = said && z.safeParse(OwnVerdict, parseJson(textOf(said)));
  return { cluster, server, records, cut, wholeThere: own?.success ? own.data.whole : null };
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString('utf8');
}
