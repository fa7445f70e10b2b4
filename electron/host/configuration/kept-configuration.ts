import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfiguration, type SiteConfiguration } from '../../../shared/site/site-configuration.ts';
import { signedBy } from '../authority/signed-words.ts';
import { writeWhole } from '../write-whole.ts';

/** A configuration with the text that its signature is for. */
export interface SignedConfiguration {
  readonly configuration: SiteConfiguration;
  readonly text: string;
}

/** The configuration in a text; null: it is none of this site's authority. */
export function signedConfiguration(
  text: string,
  site: string,
  authorityPem: string,
): SignedConfiguration | null {
  const read = readConfiguration(text, { site, isSigned: signedBy(authorityPem) });
  return read.ok ? { configuration: read.value, text } : null;
}

/** What this workstation has last installed or taken over; null: nothing that it could build upon. */
export async function keptConfiguration(
  directory: string,
  site: string,
  authorityPem: string,
): Promise<SignedConfiguration | null> {
  const text = await readFile(fileOf(directory), 'utf8').catch(() => null);
  return text === null ? null : signedConfiguration(text, site, authorityPem);
}

export async function keepConfiguration(directory: string, { text }: SignedConfiguration): Promise<void> {
  await writeWhole(fileOf(directory), text);
}

function fileOf(directory: string): string {
  return join(directory, 'configuration.txt');
}
