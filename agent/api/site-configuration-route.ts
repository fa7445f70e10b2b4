import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SiteConfigurationAnswer } from '../../shared/agent-api/site-configuration-frame.ts';
import type { AgentReply } from './agent-server.ts';

/** Fits into what a console takes as one answer, quoted as JSON. */
const longestBytes = 1024 * 1024;

/** Where an installation puts the site's configuration: beside the folders of the clusters, which hold the certificates. */
export function siteConfigurationBeside(certificates: string): string {
  return join(certificates, '..', '..', 'site-configuration');
}

/**
 * The configuration that this server carries, as the authority has signed it. It is handed on as it is: whoever asks
 * proves the signature. Null where there is none, or none that can be read.
 */
export async function tellSiteConfiguration(path: string): Promise<AgentReply> {
  const answer: SiteConfigurationAnswer = { text: await textOf(path).catch(() => null) };
  return { status: 200, json: answer };
}

async function textOf(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return size > longestBytes ? null : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
