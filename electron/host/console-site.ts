import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { createAskAgent, type AskAgent } from './agent-links/agent-requests.ts';
import { sshWay } from './agent-links/ssh-way.ts';
import { createSessionPool } from './ssh/session-pool.ts';
import { openSession } from './ssh/ssh-session.ts';
import type { SiteSource } from './site-source.ts';
import type { DemoSitePort } from './demo-site-port.ts';
import { describeCause, type HostLog } from './host-log.ts';
import type { HostTime } from './host-time.ts';
import { siteHistory } from './history/site-history.ts';
import { siteVerification, type SiteVerification } from './verification/site-verification.ts';
import type { SiteHistory } from './history/read-timeline.ts';
import { readProfile } from './profile/read-profile.ts';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { startSiteWatch, type SiteWatch } from './snapshot/site-watch.ts';

/** An open site: watched, and ready for commands. */
export interface ConsoleSite {
  readonly watch: SiteWatch;
  readonly ask: AskAgent;
  readonly demo: DemoSitePort | null;
  /** Opened beside, so that the first picture does not wait for it. Rejects when it cannot be kept at all. */
  history(): Promise<SiteHistory>;
  /** Opened beside as well. Rejects when it cannot be kept at all. */
  verification(): Promise<SiteVerification>;
  /** Ends everything that was opened with it, the demo too. */
  close(): Promise<void>;
  readonly profileDirectory: string;
  /** What is installed, as this workstation has it. */
  readonly document: SiteDocument;
  readonly me: ConsoleSnapshot['me'];
}

export interface ConsoleSiteOptions {
  readonly time: HostTime;
  readonly chance: () => number;
  readonly log: HostLog;
  /** What the start of a demo is doing. */
  readonly onProgress: (text: string) => void;
  readonly onNews: () => void;
}

/** Starts the demo where asked for, reads the profile and begins to watch. Never rejects. */
export async function openConsoleSite(
  source: SiteSource,
  options: ConsoleSiteOptions,
): Promise<Result<ConsoleSite, ProductError>> {
  try {
    if (source.kind === 'profile') return await openProfile(source.directory, null, options);
    const demo = await source.start(options.onProgress);
    if (!demo.ok) return demo;
    const site = await openProfile(demo.value.profileDirectory, demo.value, options);
    if (!site.ok) await demo.value.stop();
    return site;
  } catch (cause) {
    options.log.error('the site could not be opened', cause);
    const code = source.kind === 'demo' ? 'demo.failed' : 'internal';
    return fail(productError(code, 'The site could not be opened.', [describeCause(cause).split('\n')[0]!]));
  }
}

async function openProfile(
  directory: string,
  demo: DemoSitePort | null,
  options: ConsoleSiteOptions,
): Promise<Result<ConsoleSite, ProductError>> {
  const profile = await readProfile(directory, options.time.wallTime());
  if (!profile.ok) return profile;
  const { site, credentials, me } = profile.value;
  const pool = createSessionPool({ open: openSession, time: options.time });
  const way = sshWay(site, profile.value.access, pool, { sshAgentSocket: process.env['SSH_AUTH_SOCK'] });
  const watch = startSiteWatch({ ...options, site, credentials, demo, way });
  const ask = createAskAgent(credentials, way);
  const { history, closeHistory } = siteHistory(directory, watch, ask, options);
  const { time, log } = options;
  const { verification, closeVerification } = siteVerification(directory, { watch, ask, history, time, log });
  const close = async () => {
    watch.stop();
    pool.end();
    await closeVerification();
    await closeHistory();
    await demo?.stop();
  };
  const about = { profileDirectory: directory, document: site, me };
  return succeed({ watch, ask, demo, history, verification, close, ...about });
}
