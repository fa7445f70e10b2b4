import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { unitTemplateNames, type UnitTemplates } from './unit-templates.ts';

/** One file of the program that goes to every server. */
export interface BundleFile {
  /** Below the version's folder. */
  readonly path: string;
  readonly file: string;
  readonly sha256: string;
  readonly mode: string;
}

/** Everything that is installed on servers, with checksums. */
export interface Bundle {
  /** Name of its folder below /usr/lib/ixha: product version and digest of the content. */
  readonly version: string;
  readonly files: readonly BundleFile[];
  readonly templates: UnitTemplates;
}

export interface BundlePlaces {
  readonly productVersion: string;
  /** The Node runtime for the servers. */
  readonly runtime: string;
  /** `dist/agent`: the programs, `scripts/`, and the digests of everything as it was built. */
  readonly agentDirectory: string;
  /** `resources/units`. */
  readonly unitsDirectory: string;
}

/** Services, everything else that `ixha` can do, and what delivers notifications. */
export const programNames = ['ixha.cjs', 'ixha-commands.cjs', 'ixha-notify.cjs'] as const;

const neededScripts = [
  'guard.sh',
  'gate.sh',
  'storage.sh',
  'copy.sh',
  'standby.sh',
  'holders.sh',
  'engine-log.sh',
];

const Digests = z.record(z.string(), z.string().check(z.regex(/^[0-9a-f]{64}$/)));
type Digests = z.infer<typeof Digests>;

/**
 * Reads the bundle and compares every file of it with its digest from the build. Error: install.bundle-damaged, naming
 * the file that is missing or not as it was built.
 */
export async function readBundle(places: BundlePlaces): Promise<Result<Bundle, ProductError>> {
  try {
    const digests = Digests.parse(
      JSON.parse(await readFile(join(places.agentDirectory, 'digests.json'), 'utf8')),
    );
    const scripts = Object.keys(digests).filter((path) => /^scripts\/[a-z-]+\.sh$/.test(path));
    for (const name of neededScripts) {
      if (!scripts.includes(`scripts/${name}`)) throw new Error(`${name} is missing`);
    }
    const place = (path: string) => join(places.agentDirectory, path);
    const files = await Promise.all([
      bundleFile('node', places.runtime, '0755', digests),
      ...programNames.map((name) => bundleFile(name, place(name), '0644', digests)),
      ...scripts.sort().map((path) => bundleFile(path, place(path), '0755', digests)),
    ]);
    const templates = await readTemplates(places.unitsDirectory, digests);
    const digest = createHash('sha256').update(files.map((file) => `${file.path} ${file.sha256}`).join('\n'));
    return succeed({
      version: `${places.productVersion}-${digest.digest('hex').slice(0, 10)}`,
      files,
      templates,
    });
  } catch (cause) {
    return fail(
      productError('install.bundle-damaged', 'The program for the servers is incomplete.', [
        (cause as Error).message,
      ]),
    );
  }
}

async function bundleFile(path: string, file: string, mode: string, digests: Digests): Promise<BundleFile> {
  const { sha256 } = await asBuilt(path, file, digests);
  return { path, file, mode, sha256 };
}

/** Throws for a file that is not what was built. */
async function asBuilt(path: string, file: string, digests: Digests) {
  const content = await readFile(file);
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== digests[path]) throw new Error(`${file} is not as it was built`);
  return { content, sha256 };
}

async function readTemplates(directory: string, digests: Digests): Promise<UnitTemplates> {
  const texts = await Promise.all(
    unitTemplateNames.map(async (name) => {
      const { content } = await asBuilt(`units/${name}`, join(directory, name), digests);
      return [name, content.toString('utf8')] as const;
    }),
  );
  return Object.fromEntries(texts) as unknown as UnitTemplates;
}
