import { join } from 'node:path';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { SiteHistory } from '../history/read-timeline.ts';
import type { HostLog } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';
import type { SiteWatch } from '../snapshot/site-watch.ts';
import { EarlierSights } from './earlier-sight.ts';
import type { VerificationBook } from '../history/verification-book.ts';
import { VerificationKeeper } from './verification-keeper.ts';

const verificationFile = 'verification.sqlite';

export interface SiteVerification {
  readonly keeper: VerificationKeeper;
  readonly book: VerificationBook;
}

export interface SiteVerificationOptions {
  readonly watch: SiteWatch;
  readonly ask: AskAgent;
  readonly history: () => Promise<SiteHistory>;
  readonly time: HostTime;
  readonly log: HostLog;
}

/** Opens the verifications of one profile in the background, and verifies its moves until it is closed. */
export function siteVerification(
  directory: string,
  options: SiteVerificationOptions,
): { verification(): Promise<SiteVerification>; closeVerification(): Promise<void> } {
  const opening = open(directory, options);
  opening.catch((cause: unknown) => options.log.error('the moves of this site cannot be verified', cause));
  return {
    verification: () => opening,
    closeVerification: async () => {
      const opened = await opening.catch(() => null);
      opened?.keeper.stop();
      opened?.book.close();
    },
  };
}

async function open(
  directory: string,
  { watch, ask, history, time, log }: SiteVerificationOptions,
): Promise<SiteVerification> {
  const { database, keeper: historyKeeper } = await history();
  // Loaded here and not with the console: SQLite is not needed for the first picture.
  const { openVerificationBook } = await import('../history/verification-book.ts');
  const book = openVerificationBook(join(directory, verificationFile));
  const keeper = new VerificationKeeper({
    site: watch.site,
    profileDirectory: directory,
    agents: () => watch.agents(),
    view: () => watch.view(time.bootMs()),
    ask,
    database,
    progress: () => historyKeeper.progress(),
    earlier: new EarlierSights(),
    book,
    time,
    log,
  });
  return { keeper, book };
}
