import type { ConsoleRole } from '../../../shared/site/identity.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { SiteAccess } from '../install/server-access.ts';
import type { ConsoleCredentials } from '../agent-links/agent-tls.ts';

/** What a workstation keeps of a site: its document, and its own certificate and key. */
export interface ConsoleProfile {
  readonly directory: string;
  readonly site: SiteDocument;
  /** How its servers are reached over SSH, as far as this workstation knows. */
  readonly access: SiteAccess;
  readonly credentials: ConsoleCredentials;
  readonly me: { readonly name: string; readonly role: ConsoleRole };
}
