import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { DemoSitePort } from './demo-site-port.ts';
import { startDemoSite } from './demo/start-demo-site.ts';
import type { SiteFlags } from './site-flags.ts';

/** Where the console's site comes from. */
export type SiteSource =
  | { readonly kind: 'profile'; readonly directory: string }
  | {
      readonly kind: 'demo';
      /** Starts the demo; `say` is told what is being done. */
      readonly start: (say: (text: string) => void) => Promise<Result<DemoSitePort, ProductError>>;
    };

/** What the demo's processes are started from. */
export interface BuiltPrograms {
  /** The Node that goes to the servers, and the templates of their service units. */
  readonly serverRuntime: string;
  readonly unitsDirectory: string;
  /** The Node that runs them. */
  readonly nodePath: string;
  /** Folder with the built bundles: `agent/` and `demo/`. */
  readonly directory: string;
}

/** The source that the command line asks for; without a word the site shown last, if its folder is still there. */
export function siteSource(flags: SiteFlags, built: BuiltPrograms, lastSite: string | null): SiteSource {
  if (flags.kind === 'profile') return flags;
  if (flags.kind === 'last' && lastSite !== null && existsSync(lastSite)) {
    return { kind: 'profile', directory: lastSite };
  }
  const program = (name: string) => join(built.directory, 'demo', `${name}.cjs`);
  return {
    kind: 'demo',
    start: (say) =>
      startDemoSite({
        nodePath: built.nodePath,
        programs: {
          agent: join(built.directory, 'agent/ixha.cjs'),
          engine: program('standin-engine'),
          demoServer: program('demo-server'),
          network: program('demo-network'),
          balancer: program('demo-balancer'),
          traffic: program('traffic'),
        },
        scriptsDirectory: join(built.directory, 'agent/scripts'),
        onProgress: say,
        ...(flags.kind === 'last' || flags.preset === null ? {} : { timing: flags.preset }),
      }),
  };
}
