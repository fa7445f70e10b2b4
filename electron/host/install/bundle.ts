import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** `dist/agent`: the programs and `scripts/`. */
  readonly agentDirectory: string;
  /** `resources/units`. */
  readonly unitsDirectory: string;
}

/** Services, everything else that `ixha` can do, and what delivers notifications. */
export const programNames = ['ixha.cjs', 'ixha-commands.cjs', 'ixha-notify.cjs'] as const;

const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** Reads the bundle and computes its checksums. Errors: install.bundle-damaged, naming what is missing. */
export async function readBundle(places: BundlePlaces): Promise<Result<Bundle, ProductError>> {
  try {
    const scripts = (await readdir(join(places.agentDirectory, 'scripts'))).filter((name) =>
      name.endsWith('.sh'),
    );
    for (const needed of ['guard.sh', 'gate.sh', 'storage.sh', 'copy.sh', 'standby.sh', 'holders.sh']) {
      if (!scripts.includes(needed)) throw new Error(`${needed} is missing`);
    }
    const files = await Promise.all([
      bundleFile('node', places.runtime, '0755', (content) => content.subarray(0, 4).equals(elf)),
      ...programNames.map((name) =>
        bundleFile(name, join(places.agentDirectory, name), '0644', (content) => content.length > 0),
      ),
      ...scripts
        .sort()
        .map((name) =>
          bundleFile(`scripts/${name}`, join(places.agentDirectory, 'scripts', name), '0755', (content) =>
            content.subarray(0, 2).equals(Buffer.from('#!')),
          ),
        ),
    ]);
    const templates = await readTemplates(places.unitsDirectory);
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

async function bundleFile(
  path: string,
  file: string,
  mode: string,
  looksRight: (content: Buffer) => boolean,
): Promise<BundleFile> {
  const content = await readFile(file);
  if (!looksRight(content)) throw new Error(`${file} is not what it should be`);
  return { path, file, mode, sha256: createHash('sha256').update(content).digest('hex') };
}

async function readTemplates(directory: string): Promise<UnitTemplates> {
  const texts = await Promise.all(
    unitTemplateNames.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const),
  );
  return Object.fromEntries(texts) as unknown as UnitTemplates;
}
