import type { CopyFacts } from '../../shared/agent-api/member-snapshot.ts';
import type { CopyView } from '../copying/copy-keeper.ts';
import type { WholeCopy } from '../../shared/copying/copy-state.ts';
import { takeoverLoss } from '../../shared/copying/takeover-loss.ts';
import { copyVerdicts } from '../../shared/copying/copy-verdict.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';

/** How the copying of the directory stands, as it is told to consoles and `ixha`. */
export function copyFacts(view: CopyView, f: MemberFacts): CopyFacts {
  const { failure } = view;
  return {
    direction: view.sends ? 'sends' : 'receives',
    complete: view.sends ? sentCopy(view, f) : receivedCopy(view.state?.whole ?? null, f.nowMs),
    lagMs: view.sends ? (f.storage.copied?.lagMs ?? null) : (takeoverLag(f) ?? null),
    lagLimitMs: f.storage.copied?.lagLimitMs ?? 0,
    unsentBytes: view.sends ? view.unsentBytes : null,
    failure: failure && {
      code: failure.code,
      sentence: `${copyVerdicts[failure.code].meaning} Seen: ${failure.seen}.`,
      next: copyVerdicts[failure.code].next,
    },
    loss: f.lease.held ? null : takeoverLoss(f),
  };
}

function takeoverLag(f: MemberFacts): number | null {
  const loss = takeoverLoss(f);
  return loss?.kind === 'lag' ? loss.lagMs : null;
}

function sentCopy({ lastSent }: CopyView, f: MemberFacts): CopyFacts['complete'] {
  if (lastSent === null) return null;
  const { bytes, files, beganMs } = lastSent;
  return { epoch: f.memory.epoch, agoMs: f.nowMs - beganMs, bytes, files };
}

function receivedCopy(whole: WholeCopy | null, nowMs: number): CopyFacts['complete'] {
  if (whole === null) return null;
  const { epoch, bytes, files, readAtMs } = whole;
  return { epoch, agoMs: readAtMs === null ? null : nowMs - readAtMs, bytes, files };
}
