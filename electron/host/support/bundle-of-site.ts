import { readFile } from 'node:fs/promises';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { bundleSite, type MadeBundle, type SupportInputs } from './bundle-site.ts';

/** Name of a bundle that is made now. */
export function bundleName(siteId: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[:-]/g, '');
  return `ixha-support-${siteId}-${time}Z.tar.gz`;
}

/** A bundle of the site that an installation would be made of. Errors: those of `bundleSite`. Throws without programs. */
export async function bundleOfSite(
  { document, bundle, connect, target, profileDirectory }: InstallInputs,
  own: Pick<SupportInputs, 'ask' | 'signal' | 'onPart'>,
  out: string,
): Promise<Result<MadeBundle, ProductError>> {
  const programs = bundle.files.filter(({ path }) => path.endsWith('.cjs'));
  const texts = await Promise.all(programs.map(({ file }) => readFile(file, 'utf8')));
  const programText = texts.join('\n');
  const { site } = document;
  const productVersion = bundle.version;
  return bundleSite({ site, connect, target, profileDirectory, productVersion, programText, ...own }, out);
}
