import type { EtcdEndpoint } from '../site/site-document.ts';

/** What a server shall run, as far as its fitness depends on it. */
export interface ExpectedServer {
  readonly server: { readonly id: string; readonly name: string; readonly address: string };
  readonly site: string;
  /** Version that would be installed; null while nobody knows it. */
  readonly version: string | null;
  /** Only agents come there: engines that run already may go on, and nothing holds them back. */
  readonly observes?: boolean;
  readonly isMember: boolean;
  readonly units: readonly string[];
  /** Empty for a member whose clusters are not said yet. */
  readonly engines: readonly ExpectedEngine[];
  readonly isWitness: boolean;
  readonly isBalancer: boolean;
  /** Nobody has said yet which server is the balancer, and it could be this one. */
  readonly mayBeBalancer?: boolean;
  readonly ports: readonly NeededPort[];
  /** Where senders come in on the HAProxy that the product sets up there. */
  readonly frontends: readonly ListeningPort[];
  readonly directories: readonly { readonly path: string }[];
  /** Endpoints of the etcd that keeps its leases. */
  readonly etcdEndpoints: readonly EtcdEndpoint[];
  /** SHA-256 of the lines of its HAProxy's configuration that are no comments; absent: it has none of ours. */
  readonly balancerLines?: string;
  /** Files whose content tells whose server it is. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** A port that something of the product will listen on. */
export interface NeededPort {
  readonly port: number;
  /** Such as `the agent of WK1`. */
  readonly what: string;
  /** Ids of the servers that have to reach it. */
  readonly from: readonly string[];
  /** Consoles ask it for what they show. */
  readonly fromConsole: boolean;
}

/** A port that a program of somebody else's make listens on for the site. */
export interface ListeningPort {
  readonly port: number;
  /** Such as `ADT in of WK1`. */
  readonly what: string;
}

export interface ExpectedEngine {
  readonly cluster: string;
  readonly unit: string;
  /** The drop-in that holds every start back; its presence means that the engine is guarded. */
  readonly gate: string;
  readonly apiPort: number;
  readonly apiUser: string;
  /** Names of the components that fetch work by themselves. */
  readonly pollers: readonly string[];
  /** Where it takes what the balancer passes on. */
  readonly listeners: readonly ListeningPort[];
  readonly workingDirectory: string;
  readonly storage: {
    readonly directory: string;
    readonly mustBeMount: boolean;
    /** `SITE CLUSTER`, with a line end. */
    readonly mark: string;
    /** The program that cuts the other server off; absent: there is none. */
    readonly cutProgram?: string;
    /** The unit that mounts it on the Active only; absent: it is mounted all the time. */
    readonly mountUnit?: string;
    /** The other member that the directory is copied to, and its SSH server; absent: it is shared. */
    readonly copied?: {
      readonly peer: { readonly name: string; readonly address: string };
      readonly sshPort: number;
    };
  };
}
