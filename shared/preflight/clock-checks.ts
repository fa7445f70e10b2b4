import { failedCheck, passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';
import type { ServerFacts } from './server-facts.ts';

const furthestClockMs = 12 * 60 * 60 * 1000;
const synchronisedWithinMs = 1000;
const apartTooFarMs = 60_000;

/** A server's clock against this workstation's, measured by short questions. */
export interface ClockReading {
  /** Server minus workstation. */
  readonly offsetMs: number;
  /** Half of the quickest round trip: the offset is right to within this. */
  readonly uncertaintyMs: number;
}

const setTime = 'Set the clock and let a time service keep it (timedatectl set-ntp true).';

/** Whether a clock is right enough, and kept right. A certificate made now is valid from one day back. */
export function clockChecks(facts: ServerFacts, subject: string, workstationTime: string): PreflightCheck[] {
  const right = { id: 'clock-right', subject, what: 'clock' };
  const apartMs = Math.abs(Date.parse(facts.wallTime ?? '') - Date.parse(workstationTime));
  const seen = `it says ${facts.wallTime ?? 'nothing'}, this workstation ${workstationTime}`;
  // An unreadable time gives NaN, which is never within the limit.
  const isRight = apartMs <= furthestClockMs;
  return [
    isRight
      ? passed(right, `it says ${facts.wallTime ?? ''}`)
      : failedCheck(right, seen, setTime, {
          refusal: { code: 'install.unsupported', lacks: `a clock that is right (${seen})` },
        }),
    synchronised(facts, subject),
  ];
}

function synchronised({ survey }: ServerFacts, subject: string): PreflightCheck {
  const name = { id: 'clock-synchronised', subject, what: 'time service' };
  const { clockSynchronised, timeServices } = survey;
  const running = timeServices.length > 0 ? timeServices.join(', ') : 'no time service runs';
  if (clockSynchronised === true) return passed(name, `synchronised (${running})`);
  if (clockSynchronised === undefined) {
    return unknownCheck(
      name,
      `timedatectl did not tell (${running})`,
      'Look with: timedatectl, or chronyc tracking.',
    );
  }
  return toLookAt(name, `not synchronised (${running})`, setTime, {
    fix: {
      title: 'Switch it on',
      change: 'The time service of systemd is switched on and sets the clock.',
      command: ['timedatectl', 'set-ntp', 'true'],
    },
  });
}

/** How far the clocks of two servers are apart. Journals of both are read side by side. */
export function clockDifference(
  subject: string,
  one: ClockReading | undefined,
  other: ClockReading | undefined,
): PreflightCheck {
  const name = { id: 'clock-difference', subject, what: 'difference of clocks' };
  if (!one || !other)
    return unknownCheck(name, 'a clock could not be read', 'Try again, or look with: date -u.');
  const apartMs = Math.abs(one.offsetMs - other.offsetMs);
  const uncertainMs = one.uncertaintyMs + other.uncertaintyMs;
  const finding = `${sayMs(apartMs)} apart, measured to within ${sayMs(uncertainMs)}`;
  if (apartMs <= Math.max(synchronisedWithinMs, uncertainMs)) return passed(name, finding);
  return apartMs > apartTooFarMs ? failedCheck(name, finding, setTime) : toLookAt(name, finding, setTime);
}

function sayMs(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} minutes`;
}
