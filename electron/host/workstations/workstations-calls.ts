import type { ConsoleHandlers } from '../../../shared/console-ipc/console-contract.ts';
import type { ConsoleSite } from '../console-site.ts';
import { callFailure, CallFailure, valueOf } from '../ipc/call-failure.ts';
import { siteDescription } from '../install/install-file.ts';
import { revocationLines, revokeWorkstation } from '../revocation/revoke-site.ts';
import { inviteWorkstation } from './invite-workstation.ts';
import { workstationsOf } from './workstations-of-profile.ts';

type WorkstationsCall = 'getWorkstations' | 'inviteWorkstation' | 'revokeWorkstation';
type SiteOfCalls = Pick<ConsoleSite, 'profileDirectory' | 'document' | 'ask' | 'me'>;

/** Handlers for the workstations of the site that is shown. */
export function workstationsCalls(
  openSite: () => SiteOfCalls,
  wallTime: () => string,
): Pick<ConsoleHandlers, WorkstationsCall> {
  const view = async (site: SiteOfCalls) => valueOf(await workstationsOf(site.profileDirectory, wallTime()));
  return {
    getWorkstations: async () => view(openSite()),
    inviteWorkstation: async (order) => {
      const site = openSite();
      const made = valueOf(await inviteWorkstation(site.profileDirectory, order, wallTime()));
      return { ...made, view: await view(site) };
    },
    revokeWorkstation: async ({ name, why }) => {
      const site = openSite();
      refuseRevoking(site, name);
      const { profileDirectory, document, ask } = site;
      const inputs = {
        profileDirectory,
        document: siteDescription(document, { access: {} }),
        // The console's own certificate stays as it is.
        createAsk: () => ask,
      };
      const revoked = await revokeWorkstation(inputs, { name, why: why === '' ? 'no reason given' : why });
      if (!revoked.ok) throw new CallFailure(revoked.error[0]!);
      return { lines: revocationLines(revoked.value), view: await view(site) };
    },
  };
}

function refuseRevoking({ me }: SiteOfCalls, name: string): void {
  if (me.role !== 'admin') {
    throw callFailure('command.forbidden', 'Only an administrator may revoke a workstation.');
  }
  if (me.name === name) {
    const said = `${name} is this workstation: it would cut itself off.`;
    throw callFailure('revocation.refused', said);
  }
}
