import type { Clock } from '../../shared/clock.ts';
import type { ForcedAlone } from '../../shared/lease/forced.ts';
import { leaseLeftMs, repinStore } from '../../shared/lease/holder.ts';
import type { MemberLeaseEffect } from '../../shared/lease/member-lease.ts';
import type { RetiredNote } from '../../shared/lease/retired-store.ts';
import type { PolicyRecord } from '../../shared/lease/store-policy.ts';
import type { StoreStanding } from '../../shared/lease/store-replacement.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { LeaseState } from './lease-state.ts';
import type { OpenRequests } from './open-requests.ts';
import type { StoreWatch } from './store-watch.ts';

/** What a person has the store itself asked for. */
export type PersonsWish =
  | { readonly op: 'seed'; readonly epoch: number; readonly policy?: PolicyRecord | undefined }
  | { readonly op: 'retire'; readonly retired: RetiredNote }
  | { readonly op: 'reinstate' };

export interface StoreReplacingPorts {
  readonly clock: Clock;
  readonly state: LeaseState;
  readonly watch: StoreWatch;
  readonly requests: OpenRequests;
  /** Why there is no connection to the store; null: there is one. */
  readonly path: () => string | null;
  /** The engine lives without a lease. */
  readonly lives: () => boolean;
  readonly request: (body: PersonsWish) => Promise<Result<readonly MemberLeaseEffect[], string>>;
  readonly onChange: () => void;
}

/** The part of a member's lease that a person's replacement of the store works on. */
export class StoreReplacing {
  private readonly ports: StoreReplacingPorts;

  constructor(ports: StoreReplacingPorts) {
    this.ports = ports;
  }

  /** What answers where the store of this member should be. */
  standing(): StoreStanding {
    const { watch, state, path, clock } = this.ports;
    return watch.standing(state.current().holder, path(), clock.bootMs());
  }

  /** A look at the storage has found this generation. */
  storageShows(generation: number): void {
    this.ports.watch.storageShows(generation, this.ports.clock.bootMs());
  }

  /** The epoch that the storage carries, where neither this member nor a store that was asked since know of it. */
  storageAhead(): number | null {
    return this.ports.watch.storageAhead(this.ports.state.current().holder);
  }

  /** A lease of the store that was lost is still in use: by it the engine runs, and not by a promise. */
  leaseInUse(): boolean {
    const { lives, state, clock } = this.ports;
    return !lives() && leaseLeftMs(state.current().holder, clock.bootMs()) > 0;
  }

  /**
   * Belongs to another store from now on, durably; throws when that cannot be written. Answers with the highest epoch
   * of this member: no grant of the old store can raise it any more.
   *
   * @param fence what a person has stated about the other server, for one replaced without it; in the same write
   */
  repin(storeId: string, fence: ForcedAlone | null = null): number {
    const { state, watch, requests, onChange } = this.ports;
    const { holder, ...rest } = state.current();
    if (holder.memory.storeId !== storeId) {
      state.commit({ ...rest, holder: repinStore(holder, storeId) }, fence === null ? {} : { forced: fence });
      watch.odd = null;
      requests.forget('the lease store is being replaced');
      onChange();
    }
    return holder.memory.epoch;
  }

  /** Makes the first record of the store that this member belongs to, with what the one before it knew. */
  seed(
    epoch: number,
    policy: PolicyRecord | undefined,
  ): Promise<Result<readonly MemberLeaseEffect[], string>> {
    return this.ports.request({ op: 'seed', epoch, policy });
  }

  /** Has the store grant and renew nothing any more. Answers with what it knew beside the lease. */
  async retire(retired: RetiredNote): Promise<Result<PolicyRecord, string>> {
    const done = await this.ports.request({ op: 'retire', retired });
    if (!done.ok) return done;
    const farewell = done.value.find((effect) => effect.kind === 'retired');
    return farewell === undefined ? fail('its answer could not be used') : succeed(farewell.policy);
  }

  /** Has a store that was retired grant and renew again. */
  reinstate(): Promise<Result<readonly MemberLeaseEffect[], string>> {
    return this.ports.request({ op: 'reinstate' });
  }
}
