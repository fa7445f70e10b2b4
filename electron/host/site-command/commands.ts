import type { KeptBalancerKind } from '../../../shared/balancer/balancer-kinds.ts';
import type { DrillInterval } from '../../../shared/drills/drill-calendar.ts';
import type { DrillOrder } from '../drills/carry-out-drill.ts';
import type { ReportFormat } from '../../../shared/report/report-formats.ts';
import type { ConsoleRole } from '../../../shared/site/identity.ts';
import type { PatchOrder } from '../../../shared/patching/patch-view.ts';
import type { LogsSince } from '../../../shared/support/server-logs.ts';
import type { RevokeOrder } from '../revocation/revoke-order.ts';
import type { SaidOfReadiness } from './readiness-arguments.ts';
import type { SaidOfProof } from './said-of-proof.ts';

/** What every command may say. */
export interface Common {
  readonly file: string;
  readonly profile: string | undefined;
  readonly json: boolean;
  readonly ask: boolean;
  /** Id of a lock on the servers that is to be broken. */
  readonly breakLock: string | undefined;
}

/** What a person wants of `site`, read from its words. */
export type SiteCommand = Common &
  (
    | { readonly verb: 'preflight' | 'observe' }
    | { readonly verb: 'notify-test' | 'notify-secrets' }
    | {
        readonly verb: 'install' | 'check';
        /** What happens to running engines of clusters that have left the site. */
        readonly engine: 'keep' | 'stop' | undefined;
        /** Servers that have left the site and are lost for good. */
        readonly gone: readonly string[];
      }
    /** `file` holds answers to the advisor's questions. */
    | { readonly verb: 'advise' }
    | {
        readonly verb: 'behaviour';
        /** Number or name in the list of faults; null: all of them. */
        readonly fault: string | null;
      }
    | {
        readonly verb: 'arm';
        /** Only says what it would change, or why it would refuse. */
        readonly plan: boolean;
      }
    | { readonly verb: 'verify' }
    | { readonly verb: 'etcd' }
    | {
        /** `file` is empty where only the profile was named: then the agents are asked. */
        readonly verb: 'pull';
        /** Only says what would be taken over. */
        readonly plan: boolean;
      }
    | {
        readonly verb: 'balancer';
        /** Undefined: the kind that the site document names. */
        readonly kind: KeptBalancerKind | undefined;
      }
    | {
        readonly verb: 'uninstall';
        /** What happens to a running engine when protection is removed; must be said. */
        readonly engine: 'keep' | 'stop' | undefined;
        /** Servers that are lost for good: nothing is taken off them. */
        readonly gone: readonly string[];
      }
    | {
        readonly verb: 'upgrade' | 'renew';
        /** Only this one; undefined: every server that runs agents. */
        readonly server: string | undefined;
        /** Clusters that a person lets go on without protection. */
        readonly unprotected: readonly string[];
      }
    | {
        readonly verb: 'rollback';
        /** The one that is put back. */
        readonly server: string;
        /** Only says what it would change, or why it would refuse. */
        readonly plan: boolean;
      }
    | {
        readonly verb: 'revoke';
        readonly order: RevokeOrder;
        readonly why: string;
        readonly unprotected: readonly string[];
      }
    | {
        /** `file` is a profile folder. */
        readonly verb: 'kit';
        readonly out: string;
        readonly passphraseFile: string | undefined;
      }
    | {
        /** `file` is a profile folder. */
        readonly verb: 'invite';
        readonly name: string;
        readonly role: ConsoleRole;
        readonly days: number;
        readonly out: string;
        readonly passphraseFile: string | undefined;
      }
    | {
        /** `file` is an invitation or a kit. */
        readonly verb: 'join';
        readonly profile: string;
        readonly passphraseFile: string | undefined;
      }
    /** `file` is a profile folder. */
    | { readonly verb: 'workstations' }
    /** `file` is a profile folder. */
    | { readonly verb: 'export'; readonly out: string }
    | {
        /** `file` is a site file, a kit or an invitation. */
        readonly verb: 'import';
        /** Kit or invitation that gives the certificate that a site file lacks. */
        readonly with: string | undefined;
        readonly passphraseFile: string | undefined;
        /** Only says what is in it, and what would be taken over. */
        readonly plan: boolean;
      }
    | {
        /** `file` is a kit. */
        readonly verb: 'restore';
        readonly profile: string;
        readonly passphraseFile: string | undefined;
      }
    | {
        readonly verb: 'repair';
        readonly server: string | undefined;
        readonly unprotected: readonly string[];
        /** Only says what it would mend. */
        readonly plan: boolean;
      }
    | {
        readonly verb: 'move-store';
        /** Only says what it would change. */
        readonly plan: boolean;
      }
    | {
        readonly verb: 'bundle';
        /** Where it goes; undefined: the usual name in the present folder. */
        readonly out: string | undefined;
      }
    | {
        /** `file` is empty where the profile was named instead. */
        readonly verb: 'readiness';
        /** What is written down before it is told; null: nothing. */
        readonly said: SaidOfReadiness | null;
        /** Tells the earlier runs too. */
        readonly trend: boolean;
        readonly formats: readonly ReportFormat[];
        /** Folder of the reports; undefined: the present one. */
        readonly out: string | undefined;
      }
    | {
        /** `file` is empty where the profile was named instead. */
        readonly verb: 'drill';
        /** Null: only tells what was made and what is due. */
        readonly order: DrillOrder | null;
        /** How often one shall be made from now on, instead of making it; null: nothing is said. */
        readonly interval: DrillInterval | null;
        readonly formats: readonly ReportFormat[];
        readonly out: string | undefined;
      }
    | {
        /** `file` is empty where the profile was named instead. */
        readonly verb: 'proof';
        readonly cluster: string;
        /** Null: the newest move of the cluster. */
        readonly operation: string | null;
        /** Number of a look, or how its hash begins, as it was signed; null: the newest. */
        readonly look: string | null;
        /** What a person says of it; null: nothing. */
        readonly said: SaidOfProof | null;
        readonly formats: readonly ReportFormat[];
        readonly out: string | undefined;
      }
    | {
        /** `file` is empty where the profile or a bundle was named instead. */
        readonly verb: 'history';
        /** A support bundle that is looked at instead of the site; null: the site. */
        readonly bundle: string | null;
        /** Wall times, ISO 8601 in UTC. Null: now, or the end of the bundle. */
        readonly at: string | null;
        /** The other instant of a comparison; null: none. */
        readonly and: string | null;
        /** The span of an export; null leaves that end open. */
        readonly from: string | null;
        readonly to: string | null;
        readonly cluster: string | null;
        readonly formats: readonly ('json' | 'csv')[];
        readonly out: string | undefined;
      }
    | {
        /** `file` is empty where the profile was named instead. */
        readonly verb: 'patch';
        readonly order: PatchOrder;
        /** Only says how the server stands, what would be done, and what stands in its way. */
        readonly plan: boolean;
      }
    | {
        readonly verb: 'configuration';
        /** Undefined: all clusters. */
        readonly cluster: string | undefined;
        /** Copies what differs from the Active to the Passive. */
        readonly copy: boolean;
      }
    | {
        readonly verb: 'logs';
        /** Only this one; undefined: every server that runs agents. */
        readonly server: string | undefined;
        readonly since: LogsSince;
        /** Of each server at most. */
        readonly lines: number;
        /** Goes on with what comes, until it is called off. */
        readonly follow: boolean;
      }
    | {
        readonly verb: 'hardening';
        /** Only this one; undefined: every server that runs agents. */
        readonly server: string | undefined;
      }
    | {
        readonly verb: 'keys';
        readonly knownHosts: string | undefined;
        /** Fingerprints that were compared, or `known-hosts`. */
        readonly pins: readonly string[];
      }
  );
