import type { SetupMeans } from '../../../../electron/host/setup/setup-means.ts';
import { untold } from '../../../../electron/host/preflight/look-at-engine.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail } from '../../../../shared/result.ts';

/** Means of a setup that reach nothing, for consoles whose setup is not what a test is about. */
export function sampleMeans(folder = '/nowhere/at/all', changes: Partial<SetupMeans> = {}): SetupMeans {
  return {
    folder,
    sshAgentSocket: undefined,
    connect: async ({ name }) => fail(productError('server.unreachable', `${name} cannot be reached.`)),
    signIn: async ({ name }) => fail(productError('server.unreachable', `${name} cannot be reached.`)),
    tcp: async () => ({ result: 'silent', rttMs: null }),
    lookAtEngine: async () => untold('nobody asks it'),
    end: () => undefined,
    measure: { seconds: 1 },
    etcd: { look: async () => fail(productError('etcd.not-looked-at', 'There is none.')) },
    install: {
      sitesFolder: `${folder}/sites`,
      bundle: async () => fail(productError('install.bundle-damaged', 'There is none.')),
      runReadiness: async () => fail(productError('site.missing', 'There is none.')),
      createAsk: () => async () => fail(productError('agent.unreachable', 'Nobody is there.')),
    },
    ...changes,
  };
}

/** A workstation on which nothing can be printed. */
export const noPrinter = () =>
  Promise.resolve(fail(productError('report.no-browser', 'There is none here.')));
