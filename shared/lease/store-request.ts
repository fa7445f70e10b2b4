/** What a lease store is asked, and what it answers; the rules are in store.ts. */
import type { LeaseRefusal, LeaseView } from '../agent-api/lease-frames.ts';
import type { ForcedNote } from './forced.ts';
import type { Period } from './period.ts';
import type { RetiredNote } from './retired-store.ts';
import type { PolicyChange, PolicyRecord } from './store-policy.ts';

export type StoreRequest =
  | { readonly op: 'read'; readonly storeId: string | null }
  | {
      readonly op: 'acquire';
      readonly storeId: string | null;
      readonly epochSeen: number;
      readonly T?: number | undefined;
      /** A person has asked for this move; anything else is an automatic failover. */
      readonly planned?: boolean | undefined;
      /** The member's own epoch, where a forced takeover without the store has raised it above the record's. */
      readonly least?: number | undefined;
    }
  | {
      /** A person takes over by force: neither block, reservation nor promise holds it back, only a live lease. */
      readonly op: 'force';
      readonly storeId: string | null;
      readonly epochSeen: number;
      readonly T?: number | undefined;
      /** The highest epoch that is known anywhere, where the record knows a lower one. */
      readonly least?: number | undefined;
      readonly forced: Omit<ForcedNote, 'epoch'>;
    }
  | {
      readonly op: 'renew';
      readonly storeId: string | null;
      readonly epoch: number;
      readonly T?: number | undefined;
    }
  | {
      readonly op: 'release';
      readonly storeId: string | null;
      readonly epoch: number;
      readonly reservedFor: string | null;
    }
  | {
      readonly op: 'seed';
      readonly storeId: string | null;
      readonly epoch: number;
      /** What the store before it knew beside the lease, where that was asked in time. */
      readonly policy?: PolicyRecord | undefined;
    }
  | {
      /** Another store takes its place: asked by the holder of the live lease. */
      readonly op: 'retire';
      readonly storeId: string | null;
      readonly epoch: number;
      readonly retired: RetiredNote;
    }
  /** It is used again after all: nobody belongs to another store. */
  | { readonly op: 'reinstate'; readonly storeId: string | null }
  | { readonly op: 'left'; readonly storeId: string | null; readonly left: Period }
  | {
      readonly op: 'policy';
      readonly storeId: string | null;
      readonly version: number;
      readonly change: PolicyChange;
    };

export type StoreAnswer =
  | {
      readonly result:
        'granted' | 'renewed' | 'released' | 'read' | 'changed' | 'noted' | 'seeded' | 'reinstated';
      readonly view: LeaseView;
    }
  /** With what it knows beside the lease, so that the store after it can go on from there. */
  | { readonly result: 'retired'; readonly view: LeaseView; readonly policy: PolicyRecord }
  | {
      readonly result: 'refused';
      readonly why: LeaseRefusal;
      /** Null: it has no say any more. */
      readonly view: LeaseView | null;
      /** It may be given a record under the id that was asked for. */
      readonly unseeded?: true;
    };
