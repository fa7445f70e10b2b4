import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';

/** A store that answers, but whose answers this member must not use. */
export interface OddStore {
  readonly why: string;
  /** Its epoch, when that is below our own: it has lost its memory. Null: it is another store. */
  readonly behind: number | null;
  readonly storeId: string;
  readonly epoch: number;
}

/** Judges the store behind an answer by what this member has on disk; null: it is the one, and up to date. */
export function oddStore(
  answer: LeaseAnswer,
  memory: { readonly storeId: string | null; readonly epoch: number },
): OddStore | null {
  const { view } = answer;
  if (view === null) return null;
  const { storeId, epoch } = view;
  if (memory.storeId !== null && view.storeId !== memory.storeId) {
    return {
      why: `another store answers (${view.storeId}); this member belongs to ${memory.storeId}`,
      behind: null,
      storeId,
      epoch,
    };
  }
  if (view.epoch >= memory.epoch) return null;
  return {
    why: `it knows epoch ${view.epoch} only, this member ${memory.epoch}: it has lost its memory`,
    behind: view.epoch,
    storeId,
    epoch,
  };
}
