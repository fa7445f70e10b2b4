import type { LeaseAnswer, LeaseRequest, LeaseView } from '../../shared/agent-api/lease-frames.ts';
import { observedState, type Observation } from '../../shared/lease/observed-store.ts';
import {
  answerLease,
  mayGiveWay,
  recordToWrite,
  seedRecord,
  viewFor,
  type StoreTurn,
} from '../../shared/lease/store.ts';
import { EtcdCell, type EtcdCellOptions, type EtcdChange, type Found } from './etcd-cell.ts';
import { EtcdTrouble } from './etcd-client.ts';

export interface EtcdStoreOptions extends EtcdCellOptions {
  /** The member's lease length in seconds. */
  readonly T: number;
  readonly failoversPerHour?: number | undefined;
}

/** Tries at one request while others change the record. */
const turns = 4;

/**
 * One cluster's lease in etcd, as one member sees and changes it. The rules are the witness's own; what they grant,
 * renew or change is written only if the record is still the one that they were applied to.
 */
export class EtcdStore {
  private readonly options: EtcdStoreOptions;
  private readonly cell: EtcdCell;

  constructor(options: EtcdStoreOptions) {
    this.options = options;
    this.cell = new EtcdCell(options);
  }

  /** Why there is no usable record, as a sentence's end; null: there is one, or it has not been looked for yet. */
  unusable(): string | null {
    return this.cell.unusable();
  }

  /** Rejects with `EtcdTrouble` when etcd does not take looks and writes now. */
  async prove(): Promise<void> {
    await this.cell.look();
  }

  /** Rejects with `EtcdTrouble` when nobody has answered: then it is not known what was carried out. */
  async ask(request: LeaseRequest): Promise<LeaseAnswer> {
    const { id } = request;
    if (request.op === 'seed') return this.seed(request);
    // A renewal goes out at once: if the record is another one by now, it is not written.
    let seen = request.op === 'renew' ? this.cell.seen() : null;
    let fresh = false;
    for (let turn = 0; turn < turns; turn += 1) {
      if (seen === null) {
        const found = await this.cell.look();
        if (found.kind === 'none') return withoutRecord(id);
        seen = found.seen;
        fresh = true;
      }
      const { change, answer } = this.judge(seen, request);
      if (change === null && (fresh || answer.result !== 'refused')) return { id, ...answer };
      if (change === null) {
        seen = null;
        continue;
      }
      const { done, found } = await this.cell.change(seen, change);
      if (found.kind === 'none') return withoutRecord(id);
      if (done) return { id, ...answer, view: this.view(found.seen) };
      seen = found.seen;
      fresh = true;
    }
    throw new EtcdTrouble('its record changes faster than it can be read');
  }

  /** What the rules say to a request, and what has to be written before it is answered so. */
  private judge(
    seen: Observation,
    request: LeaseRequest,
  ): Pick<StoreTurn, 'answer'> & { readonly change: EtcdChange | null } {
    const { clock, member } = this.options;
    const nowMs = clock.bootMs();
    const { state, answer, durable } = answerLease(this.state(seen), member, request, nowMs);
    const record = recordToWrite(state, nowMs);
    switch (answer.result) {
      case 'granted':
        return { answer, change: { record, beat: true, sameBeat: true } };
      case 'renewed': {
        const sameLength = state.record.T === seen.record.T;
        return { answer, change: { beat: true, ...(sameLength ? {} : { record }) } };
      }
      case 'released':
      case 'noted':
      case 'changed':
      case 'retired':
      case 'reinstated':
        return { answer, change: durable ? { record } : null };
      case 'read':
      case 'seeded':
      case 'refused':
        return { answer, change: null };
    }
  }

  /** Mends a store that has lost its record, or has one that is older than `epoch`. The same again is harmless. */
  private async seed({
    id,
    storeId,
    epoch,
    policy,
  }: Extract<LeaseRequest, { op: 'seed' }>): Promise<LeaseAnswer> {
    if (storeId === null) return { id, result: 'refused', why: 'store-id', view: null };
    const { cluster, T } = this.options;
    const found = await this.cell.look();
    const stands = found.kind === 'seen' ? found.seen.record : null;
    const same = stands?.storeId === storeId;
    if (same && stands.retired !== undefined) return { id, result: 'refused', why: 'retired', view: null };
    const mayStay = stands !== null && (same || !mayGiveWay(stands, epoch));
    const first = { ...seedRecord(storeId, cluster, T, epoch), policy };
    const made: Found = mayStay ? found : await this.cell.make(found, first);
    if (made.kind === 'none') return withoutRecord(id);
    const view = this.view(made.seen);
    return view.storeId === storeId
      ? { id, result: 'seeded', view }
      : { id, result: 'refused', why: 'seeded', view };
  }

  private state(seen: Observation) {
    const { T, failoversPerHour } = this.options;
    return observedState(seen, T, failoversPerHour);
  }

  private view(seen: Observation): LeaseView {
    const { member, clock } = this.options;
    return viewFor(this.state(seen), member, clock.bootMs());
  }
}

function withoutRecord(id: number): LeaseAnswer {
  return { id, result: 'refused', why: 'not-durable', view: null, unseeded: true };
}
