import type { ServerWorkName } from '../../../shared/servers/servers-view.ts';

interface WorkWords {
  /** On its tab. */
  readonly title: string;
  /** What happens, in sentences. */
  readonly does: string;
  /** On the button that begins it. */
  readonly begin: string;
  /** While it goes on. */
  readonly doing: string;
  /** When it has ended well. */
  readonly done: string;
  /** It compares or writes files that hold the password of the engines' API. */
  readonly needsEnginePassword: boolean;
  /** Agents are restarted one by one, while their cluster could lose its Active. */
  readonly restarts: boolean;
}

export const workWords: Record<ServerWorkName, WorkWords> = {
  compare: {
    title: 'Compare',
    does: 'Compares files, modes, units, certificates and the mark of the storage with what the installer would put there. Changes nothing.',
    begin: 'Compare with the installation',
    doing: 'Comparing',
    done: 'Compared',
    needsEnginePassword: true,
    restarts: false,
  },
  upgrade: {
    title: 'Upgrade',
    does: 'Brings the version of this console to the servers one by one, proves each, and goes back by itself where it does not work. Engines go on.',
    begin: 'Upgrade one by one',
    doing: 'Upgrading',
    done: 'Every server has this version',
    needsEnginePassword: true,
    restarts: true,
  },
  repair: {
    title: 'Repair',
    does: 'Mends on each server what differs and nothing else. No engine is started or stopped. Compare first to see what that would be.',
    begin: 'Mend what differs',
    doing: 'Repairing',
    done: 'Everything is as the installer would put it',
    needsEnginePassword: true,
    restarts: true,
  },
  renew: {
    title: 'Renew certificates',
    does: 'Gives this workstation, the lease store and every member a new certificate, one server after the other. Engines go on.',
    begin: 'Renew all certificates',
    doing: 'Renewing',
    done: 'The certificates are renewed',
    needsEnginePassword: false,
    restarts: true,
  },
  bundle: {
    title: 'Support bundle',
    does: 'Collects journals, state, logs and facts of every server into one archive in the folder of this site. Without keys, passwords or messages. Changes nothing.',
    begin: 'Collect a support bundle',
    doing: 'Collecting',
    done: 'The bundle is written',
    needsEnginePassword: false,
    restarts: false,
  },
  remove: {
    title: 'Remove',
    does: 'Takes agents, guards, gates and every file of the product off all servers. Nothing fails over any more.',
    begin: 'Remove everything from all servers',
    doing: 'Removing',
    done: 'Everything is removed',
    needsEnginePassword: false,
    restarts: false,
  },
};
