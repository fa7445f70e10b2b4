import { readFile } from 'node:fs/promises';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { wordedPrograms } from '../../../shared/support/allowed-text.ts';
import type { BundleFile } from '../install/bundle.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { bundleSite, type MadeBundle, type SupportInputs } from './bundle-site.ts';

/** Name of a bundle that is made now. */
export function bundleName(siteId: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[:-]/g, '');
  return `ixha-support-${siteId}-${time}Z.tar.gz`;
}

/** The programs whose words may leave a server, as one text. Rejects when one cannot be read. */
export async function wordedText(files: readonly Pick<BundleFile, 'path' | 'file'>[]): Promise<string> {
  const programs = files.filter(({ path }) => wordedPrograms.includes(path));
  return (await Promise.all(programs.map(({ file }) => readFile(file, 'utf8')))).join('\n');
}

/** A bundle of the site that an installation would be made of. Errors: those of `bundleSite`. Throws without programs. */
export async function bundleOfSite(
  { document, bundle, connect, target, profileDirectory }: InstallInputs,
  own: Pick<SupportInputs, 'ask' | 'signal' | 'onPart'>,
  out: string,
): Promise<Result<MadeBundle, ProductError>> {
  const programText = await wordedText(bundle.files);
  const { site } = document;
  const productVersion = bundle.version;
  return bundleSite({ site, connect, target, profileDirectory, productVersion, programText, ...own }, out);
}
