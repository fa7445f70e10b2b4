import type { ConsoleHandlers, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import type { VerificationReportAbout } from '../../../shared/verification/verification-report.ts';
import { describeCause } from '../host-log.ts';
import { callFailure, CallFailure, valueOf } from '../ipc/call-failure.ts';
import { exportReport } from '../report/export-report.ts';
import type { PrintPdf } from '../report/report-file.ts';
import type { VerificationBook } from '../history/verification-book.ts';
import type { SiteVerification } from './site-verification.ts';
import { verificationForms, verificationReport } from './verification-forms.ts';

export interface VerificationCallParts {
  /** Rejects when this site keeps none. */
  readonly verification: () => Promise<SiteVerification>;
  readonly me: () => ConsoleSnapshot['me'];
  readonly site: () => VerificationReportAbout['site'];
  readonly printPdf: PrintPdf;
  readonly version: string;
  readonly wallTime: () => string;
}

type VerificationCalls = Pick<
  ConsoleHandlers,
  'readVerification' | 'checkAgain' | 'judgeLine' | 'signVerification' | 'exportVerification'
>;

/** The calls of the page that shows the proof of a move. */
export function verificationCalls(parts: VerificationCallParts): VerificationCalls {
  const opened = () => parts.verification().catch(notKept);
  /** A viewer may look and export; what is said of a move is said by somebody who may also make one. */
  const sayer = () => {
    const me = parts.me();
    if (me.role === 'viewer') throw callFailure('command.forbidden', 'A viewer may not judge or sign.');
    return { workstation: me.name, at: parts.wallTime() };
  };
  const said = (write: () => Result<KeptVerification, ProductError>): ConsoleResponse<'signVerification'> => {
    try {
      return { kept: valueOf(write()) };
    } catch (cause) {
      if (cause instanceof CallFailure) throw cause;
      return notKept(cause);
    }
  };
  return {
    readVerification: async ({ cluster, operation, wanted }) => {
      const { keeper, book } = await opened();
      const named = operation ?? keeper.newestOperation(cluster);
      const state = named === null ? null : keeper.state(cluster, named);
      if (state === null) throw callFailure('verification.no-move', noMoveSentence(cluster, operation));
      const { looks, ...rest } = state;
      const kept = wanted === undefined ? state.kept : wantedLook(book, cluster, state.operation, wanted);
      return { ...rest, kept, looks: [...looks] };
    },
    checkAgain: async ({ cluster, operation }) => {
      const { looks, ...rest } = valueOf((await opened()).keeper.checkAgain(cluster, operation));
      return { ...rest, looks: [...looks] };
    },
    judgeLine: async ({ seen, line, finding, name, comment }) => {
      const { book } = await opened();
      const by = sayer();
      return said(() => book.judge(seen, { line, finding, name, comment, ...by }));
    },
    signVerification: async ({ seen, name, comment }) => {
      const { book } = await opened();
      const by = sayer();
      return said(() => book.sign(seen, { name, comment, ...by }));
    },
    exportVerification: async ({ cluster, operation, timeZone, wanted, ...choice }) => {
      const { book } = await opened();
      const kept =
        wanted === undefined ? book.latest(cluster, operation) : wantedLook(book, cluster, operation, wanted);
      if (kept === null) throw callFailure('verification.no-move', noMoveSentence(cluster, operation));
      const about = {
        site: parts.site(),
        madeAt: parts.wallTime(),
        timeZone,
        operator: parts.me(),
        consoleVersion: parts.version,
      };
      return exportReport(verificationForms(verificationReport(kept, about)), choice, parts.printPdf);
    },
  };
}

/** Exactly what has this hash; it is shown and exported as it was, whatever came after it. */
function wantedLook(
  book: VerificationBook,
  cluster: string,
  operation: string,
  hash: string,
): KeptVerification {
  const kept = book.kept(cluster, operation, hash);
  if (kept !== null) return kept;
  const said = `No look at the move ${operation} of ${cluster} with sha256 ${hash} is kept here.`;
  throw callFailure('request.invalid', said);
}

function noMoveSentence(cluster: string, operation: string | null): string {
  return operation === null
    ? `The history of this workstation tells of no move of ${cluster} yet.`
    : `The history of this workstation tells of no move ${operation} of ${cluster}.`;
}

function notKept(cause: unknown): never {
  const why = describeCause(cause).split('\n')[0]!;
  throw callFailure('verification.not-kept', 'The verifications of this site cannot be read or written.', [
    why,
  ]);
}
