import type { LeaseAnswer, LeaseRequest } from '../../shared/agent-api/lease-frames.ts';

/** The way to a lease store, whatever its kind. Requests are sent or dropped, never queued. */
export interface LeaseStoreLink {
  send(request: LeaseRequest): boolean;
  /** Null while connected; otherwise why not. */
  trouble(): string | null;
  /** For how long renewals have come through the peer only; null: they come directly. Absent: there is one way only. */
  throughPeerMs?(nowMs: number): number | null;
  close(): void;
}

export type AnswerListener = (answer: LeaseAnswer) => void;
