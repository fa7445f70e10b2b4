import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import type { SiteAccess } from '../install/server-access.ts';
import type { SshTarget } from '../ssh/server-connection.ts';

export interface MoveInputs extends InstallInputs {
  /** The way to a server by what the profile knows of it: one that the site file names no more. */
  readonly targetBy: (server: Server, ways: SiteAccess) => Promise<Result<SshTarget, ProductError>>;
  readonly wallTime: () => string;
}

/** A site before the move, as the profile or the record of an interrupted move has it. */
export interface SiteBefore {
  readonly site: SiteDocument;
  readonly ways: SiteAccess;
}
