/** Where things are on a server (docs/architecture.md). */
export const serverPaths = {
  configuration: '/etc/ixha',
  /** Names the site that this server belongs to. */
  siteMark: '/etc/ixha/site',
  /** The site document that is installed, numbered and signed. */
  siteConfiguration: '/etc/ixha/site-configuration',
  state: '/var/lib/ixha',
  /** Marks of units that were started after everything they read was placed. */
  started: '/var/lib/ixha/started',
  run: '/run/ixha',
  library: '/usr/lib/ixha',
  currentLink: '/usr/lib/ixha/current',
  command: '/usr/bin/ixha',
  units: '/etc/systemd/system',
  haproxy: '/etc/haproxy/haproxy.cfg',
} as const;

/** The witness needs no root: it runs as this user. */
export const witnessUser = 'ixha';

/** Files of one member; the witness uses the same layout under its own name. */
export function placesOf(name: string) {
  const configuration = `${serverPaths.configuration}/${name}`;
  return {
    configuration,
    certificates: `${configuration}/certificates`,
    config: `${configuration}/member.json`,
    guardEnvironment: `${configuration}/guard.env`,
    guardProof: `${configuration}/guard-proof.json`,
    enginePassword: `${configuration}/engine-password`,
    /** What the member signs in to an etcd with. */
    etcd: `${configuration}/etcd`,
    /** Keys and settings of a copied directory. */
    copy: `${configuration}/copy`,
    state: `${serverPaths.state}/${name}`,
    /** What the member's agent remembers durably. */
    memory: `${serverPaths.state}/${name}/member.json`,
    run: `${serverPaths.run}/${name}`,
  };
}

export const witnessConfigPath = `${serverPaths.configuration}/witness/witness.json`;

/** Units of one cluster on a server, guards first: they must beat before anything is armed. */
export function unitsOf(cluster: string) {
  return {
    guards: [`ixha-guard-1@${cluster}.service`, `ixha-guard-2@${cluster}.service`] as const,
    agent: `ixha-agent@${cluster}.service`,
  };
}

export const witnessUnit = 'ixha-witness.service';

/**
 * Exists while a unit runs what is installed. It is removed before a file of the unit changes and made
 * when the unit was started, so that an interrupted installation still restarts what it must.
 */
export function startedMark(unit: string): string {
  return `${serverPaths.started}/${unit}`;
}

/** Where a new HAProxy configuration waits; it is removed when HAProxy runs it. */
export const haproxyPending = `${serverPaths.haproxy}.ixha-new-config`;

/** The drop-in that turns every start of the engine into a question to the gate. */
export function gatePath(engineUnit: string): string {
  return `${serverPaths.units}/${engineUnit}.d/50-ixha-gate.conf`;
}
