import type { LeaseAnswer, LeaseRequest } from '../../shared/agent-api/lease-frames.ts';

/** The way to a lease store, whatever its kind. Requests are sent or dropped, never queued. */
export interface LeaseStoreLink {
  send(request: LeaseRequest): boolean;
  /** Null while connected; otherwise why not. */
  trouble(): string | null;
  close(): void;
}

export type AnswerListener = (answer: LeaseAnswer) => void;
