import type { HostName, LabLayout } from '../../lab/hosts/layout.ts';

/** Something that keeps one engine running on one of two hosts, set up by its own means on new hosts of the lab. */
export interface Contender {
  readonly name: string;
  /** Product and settings, as the table names them. */
  readonly title: string;
  /** Ours or a peer: the peers come first in the tables. */
  readonly kind: 'product' | 'peer';
  /** Engines are installed; hosts are new and running. Ends with one engine running somewhere. */
  setUp(lab: LabLayout, tell: (line: string) => void): Promise<void>;
  /** Where senders connect. */
  target(lab: LabLayout): { readonly address: string; readonly port: number };
  /** The member that is not Active could take over now. */
  standbyReady(lab: LabLayout, standby: HostName): Promise<boolean>;
  /** Moves the engine as a person does it for maintenance; answers how the member is put back into service. */
  plannedMove(lab: LabLayout, from: HostName, to: HostName): Promise<() => Promise<void>>;
  /** What an administrator does after a boot, if anything. */
  rejoin(lab: LabLayout, host: HostName): Promise<void>;
  /** Unit whose processes are meant by "its daemon". */
  readonly daemon: string;
  /** Units whose memory is its cost on a host. */
  memoryUnits(host: HostName): readonly string[];
  /** Where the engine keeps its queue. */
  readonly workingDirectory: string;
}
