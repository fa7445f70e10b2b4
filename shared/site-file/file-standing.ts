import { documentChanges } from '../site/document-changes.ts';
import type { SiteDocument } from '../site/site-document.ts';
import type { FileStanding } from './site-file-view.ts';

/** One state of a site: the document, its number if anybody has numbered it, and the authority that it belongs to. */
export interface SiteState {
  readonly site: SiteDocument;
  /** Null: nobody has. */
  readonly number: number | null;
  /** SHA-256 of the authority's certificate; null: not named. */
  readonly fingerprint: string | null;
}

/** How a file stands to what is here, and every field that differs, from here to the file. Pure. */
export function standingOf(
  here: SiteState,
  file: SiteState,
): { readonly standing: FileStanding; readonly changes: string[] } {
  const changes = documentChanges(here.site, file.site);
  return { standing: standing(here, file, changes.length > 0), changes };
}

function standing(here: SiteState, file: SiteState, differs: boolean): FileStanding {
  if (file.fingerprint !== null && file.fingerprint !== here.fingerprint) return 'other-authority';
  const numbered = here.number !== null && file.number !== null;
  if (numbered && file.number > here.number) return 'newer';
  if (numbered && file.number < here.number) return 'older';
  return differs ? 'differs' : 'same';
}
