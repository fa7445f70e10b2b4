import { setTimeout as pause } from 'node:timers/promises';
import { userInfo } from 'node:os';
import type {
  ConsoleHandlers,
  ConsoleRequest,
  ConsoleResponse,
} from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { KeptLook, KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { countsOf } from '../../../shared/verification/verification.ts';
import type { VerificationReport } from '../../../shared/verification/verification-report.ts';
import { verificationTextLines } from '../../../shared/verification/text-lines.ts';
import type { ConsoleSite } from '../console-site.ts';
import { systemTime, type HostTime } from '../host-time.ts';
import { CallFailure } from '../ipc/call-failure.ts';
import { printWithBrowser } from '../report/print-with-browser.ts';
import { verificationCalls } from '../verification/verification-calls.ts';
import { verificationForms, verificationReport } from '../verification/verification-forms.ts';
import type { SiteCommand } from './commands.ts';
import { lookNamed, looksTold } from './proof-looks.ts';
import { seenWord, shownTo, type SaidOfProof } from './said-of-proof.ts';
import { withOpenSite, type VerbPlace } from '../with-open-site.ts';
import { writeReportFiles } from './write-report-files.ts';

type ProofCommand = Extract<SiteCommand, { verb: 'proof' }>;
type Calls = Pick<ConsoleHandlers, 'readVerification' | 'signVerification' | 'judgeLine'>;

/** What the console keeps of a move, in lines for the person, with its report. */
export interface SiteProof {
  /** No line is UNKNOWN or VIOLATED. */
  readonly holds: boolean;
  readonly lines: string[];
  readonly report: VerificationReport;
  /** What `--seen` takes to sign exactly this. */
  readonly seen: string;
}

/** A look that is under way is waited for; it ends by itself within half a minute. */
const lookEveryMs = 300;

/**
 * `site proof`: the verification of a move as the console of this workstation keeps it; a move that was not verified
 * yet is verified now. Signs it, judges a line of it and writes reports where that was asked for.
 * Errors: those of a profile that cannot be opened, verification.no-move, verification.not-kept, verification.changed,
 * command.forbidden, request.invalid, report.not-written, report.no-browser, report.not-printed.
 */
export async function siteProof(
  command: ProofCommand,
  { profileDirectory, consoleVersion, signal }: VerbPlace,
): Promise<Result<SiteProof, ProductError>> {
  const time = systemTime();
  return withOpenSite(profileDirectory, time, async (site) => {
    const seen = await keptOf(command, site, time, consoleVersion);
    if (!seen.ok) return seen;
    const { kept, looks } = seen.value;
    const report = verificationReport(kept, {
      site: aboutSite(site),
      madeAt: time.wallTime(),
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      operator: { name: `${site.me.name} (${userInfo().username})`, role: site.me.role },
      consoleVersion,
    });
    const files = await writeReportFiles(command, verificationForms(report), signal);
    if (!files.ok) return files;
    const { violated, unknown } = countsOf(kept.verification);
    const lines = [...toldLines(kept), ...looksTold(looks), ...files.value];
    return succeed({ holds: violated === 0 && unknown === 0, lines, report, seen: seenWord(kept) });
  });
}

interface KeptProof {
  readonly kept: KeptVerification;
  readonly looks: readonly KeptLook[];
}

/** What is kept, once no look is under way any more; signed or judged where a person wants that. */
async function keptOf(
  { cluster, operation, look, said }: ProofCommand,
  site: ConsoleSite,
  time: HostTime,
  version: string,
): Promise<Result<KeptProof, ProductError>> {
  const calls: Calls = verificationCalls({
    verification: () => site.verification(),
    me: () => site.me,
    site: () => aboutSite(site),
    printPdf: printWithBrowser,
    version,
    wallTime: () => time.wallTime(),
  });
  try {
    const { kept, looks } = await settled(() => calls.readVerification({ cluster, operation }));
    const move = { cluster, operation: kept.verification.move.operation };
    if (said !== null) {
      const after = await written(calls, { ...move, ...shownTo(said, kept) }, said);
      return succeed({ kept: after.kept, looks: (await calls.readVerification(move)).looks });
    }
    if (look === null) return succeed({ kept, looks });
    const chosen = lookNamed(looks, look);
    if (!chosen.ok) return chosen;
    return succeed(await settled(() => calls.readVerification({ ...move, wanted: chosen.value.hash })));
  } catch (cause) {
    if (cause instanceof CallFailure) return fail(cause.error);
    throw cause;
  }
}

function written(
  calls: Calls,
  seen: ConsoleRequest<'signVerification'>['seen'],
  said: SaidOfProof,
): Promise<ConsoleResponse<'signVerification'>> {
  const { name, comment } = said;
  if (said.kind === 'signature') return calls.signVerification({ seen, name, comment });
  const { line, finding } = said;
  return calls.judgeLine({ seen, line, finding, name, comment });
}

async function settled(read: () => ReturnType<Calls['readVerification']>): Promise<KeptProof> {
  for (;;) {
    const { kept, looks, progress } = await read();
    if (kept !== null && progress === null) return { kept, looks };
    await pause(lookEveryMs);
  }
}

function aboutSite({ document, demo }: ConsoleSite): VerificationReport['site'] {
  return { id: document.id, name: document.name, demo: demo !== null };
}

function toldLines(kept: KeptVerification): string[] {
  const { verification, look, hash, judgements, signatures, later } = kept;
  return [
    ...verificationTextLines(verification),
    '',
    `Looked at ${verification.checkedAt}, look ${look}; signatures bind sha256 ${hash}`,
    later === undefined
      ? `To sign or judge exactly this, and nothing else: --seen ${seenWord(kept)}`
      : 'This is not the newest: a later look or judgement is kept.',
    ...judgements.map(
      ({ line, finding, name, at, comment }) => `Judged     ${line} ${finding} by ${name}, ${at}: ${comment}`,
    ),
    ...signatures.map((one) => {
      const bound = one.hash === hash ? 'this' : 'another look or other judgements';
      const said = one.comment === '' ? '' : `: ${one.comment}`;
      return `Signed     ${bound}, by ${one.name} on ${one.workstation}, ${one.at}${said}`;
    }),
  ];
}
