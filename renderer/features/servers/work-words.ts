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
  /** While it is only looked what it would change, and above what was found then; absent: it has no preview. */
  readonly plan?: { readonly doing: string; readonly done: string };
  /** It compares or writes files that hold what all members share: passwords of the engines’ API and of an etcd. */
  readonly needsShared: boolean;
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
    needsShared: true,
    restarts: false,
  },
  upgrade: {
    title: 'Upgrade',
    does: 'Brings the version of this console to the servers one by one, proves each, and goes back by itself where it does not work. Engines go on.',
    begin: 'Upgrade one by one',
    doing: 'Upgrading',
    done: 'Every server has this version',
    needsShared: true,
    restarts: true,
  },
  repair: {
    title: 'Repair',
    does: 'Mends on each server what differs and nothing else. No engine is started or stopped. Compare first to see what that would be.',
    begin: 'Mend what differs',
    doing: 'Repairing',
    done: 'Everything is as the installer would put it',
    needsShared: true,
    restarts: true,
  },
  renew: {
    title: 'Renew',
    does: 'Gives this workstation, the lease store and every member a new certificate, one server after the other. Engines go on.',
    begin: 'Renew all certificates',
    doing: 'Renewing',
    done: 'The certificates are renewed',
    needsShared: false,
    restarts: true,
  },
  bundle: {
    title: 'Support bundle',
    does: 'Collects journals, state, logs and facts of every server into one archive in the folder of this site. Without keys, passwords or messages. Changes nothing.',
    begin: 'Collect a support bundle',
    doing: 'Collecting',
    done: 'The bundle is written',
    needsShared: false,
    restarts: false,
  },
  arm: {
    title: 'Arm',
    does: 'Protects engines that are only observed, cluster by cluster, without stopping one. First the agent of a running engine takes the lease for it, then its guards start, and only then the other member is armed. What is stopped in the middle goes on with the same button; the engine runs on meanwhile.',
    begin: 'Arm the site',
    doing: 'Arming',
    done: 'The site is armed',
    plan: { doing: 'Looking what arming changes', done: 'What arming would change' },
    needsShared: true,
    restarts: false,
  },
  observe: {
    title: 'Observe only',
    does: 'Takes guards and gates off, the Passive members first. Running engines go on without protection, and nothing fails over by itself until the site is armed again.',
    begin: 'Take the protection off',
    doing: 'Taking the protection off',
    done: 'The site is only observed',
    needsShared: true,
    restarts: false,
  },
  move: {
    title: 'Move lease store',
    does: 'Moves the leases to another witness or to an etcd, cluster by cluster, while engines serve on: the store of now is retired, the Active lives on its peer’s promise, both members are restarted with the new configuration and belong to the new store. Until that has waited one lease nobody takes over by itself.',
    begin: 'Move the lease store',
    doing: 'Moving the lease store',
    done: 'The lease store is moved',
    plan: { doing: 'Looking what a move changes', done: 'What the move would change' },
    needsShared: true,
    restarts: false,
  },
  notify: {
    title: 'Notifications',
    does: 'Changes whom the agents tell what happens. The site document gets the next number, and agents are restarted one by one with it. Engines go on.',
    begin: 'Change it on all servers',
    doing: 'Changing whom the agents tell',
    done: 'The agents have the new targets',
    plan: { doing: 'Looking what the change would do', done: 'What the change would do' },
    needsShared: true,
    restarts: false,
  },
  configuration: {
    title: 'Configuration',
    does: 'Compares the configuration of the engines between the members of each cluster, file by file. What differs can be brought from the Active to the Passive, whose engine must be stopped; what was there before is kept beside it. A licence belongs to its server and stays.',
    begin: 'Copy from Active to Passive',
    doing: 'Copying the configuration',
    done: 'The configuration is copied',
    plan: { doing: 'Comparing the configuration', done: 'The configuration of the engines' },
    needsShared: false,
    restarts: false,
  },
  pull: {
    title: 'Site document',
    does: 'Every server carries the site document that was last installed, signed and numbered. Where another administrator has installed one since, it is taken over here, after a look at every field that it changes. Servers are only read.',
    begin: 'Take it over on this workstation',
    doing: 'Taking the site document over',
    done: 'This workstation has the site document of the servers',
    plan: { doing: 'Looking what the servers carry', done: 'What the servers carry' },
    needsShared: false,
    restarts: false,
  },
  revoke: {
    title: 'Revoke',
    does: 'Has every part of the site refuse certificates from now on, when a server was stolen or a key was copied. A server that goes on gets new keys first, one restart after the other. What is revoked stays revoked. Certificates of workstations are revoked on the page Workstations.',
    begin: 'Revoke',
    doing: 'Revoking',
    done: 'The list of what is revoked is handed out',
    needsShared: false,
    restarts: true,
  },
  remove: {
    title: 'Remove',
    does: 'Takes agents, guards, gates and every file of the product off all servers. Nothing fails over any more.',
    begin: 'Remove everything from all servers',
    doing: 'Removing',
    done: 'Everything is removed',
    needsShared: false,
    restarts: false,
  },
};
