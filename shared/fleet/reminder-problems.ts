import { drillWords } from '../drills/drill-record.ts';
import type { DueDrill } from '../drills/drill-calendar.ts';
import type { Reminders, ViolatedMove } from '../reminders/reminders.ts';
import type { Problem } from './problem.ts';

/** What the records of this workstation ask for, as problems. Pure. */
export function reminderProblems({ drills, violated }: Reminders): Problem[] {
  return [...violated.map(violatedProblem), ...(drills.length === 0 ? [] : [drillsProblem(drills)])];
}

function violatedProblem({ cluster, operation, epoch, checkedAt, lines }: ViolatedMove): Problem {
  const count = lines.length === 1 ? 'one line' : `${lines.length} lines`;
  return {
    key: `violated ${cluster} ${operation}`,
    severity: 'danger',
    title: `${cluster}: the proof of the move to epoch ${epoch} is VIOLATED in ${count}`,
    text: `${lines.join(', ')}, as looked at on ${dayOf(checkedAt)}. It stays here until somebody signs it, or a later look finds mended what still can be.`,
    clusters: [cluster],
    ageMs: null,
    folded: [],
    runbook: 'proof-violated',
    alarms: [],
    leadsTo: { page: 'verification', cluster, operation },
  };
}

/** All of them are one thing to plan: a line each, below one title. */
function drillsProblem(drills: readonly DueDrill[]): Problem {
  const [first] = drills;
  const base = {
    key: 'drills due',
    severity: 'warn',
    clusters: [...new Set(drills.map(({ cluster }) => cluster))],
    ageMs: null,
    runbook: 'drill-due',
    alarms: [],
    leadsTo: { page: 'drills' },
  } as const;
  const meaning = 'Messages flow as before; that a failover works here is shown by nothing newer.';
  if (drills.length === 1 && first !== undefined)
    return {
      ...base,
      title: `${first.cluster}: a drill is due`,
      text: `${dueWords(first)}. ${meaning}`,
      folded: [],
    };
  const folded = drills.map((drill) => `${drill.cluster}: ${dueWords(drill)}`);
  return { ...base, title: `${drills.length} drills are due`, text: meaning, folded };
}

function dueWords({ kind, lastAt, dueOn }: DueDrill): string {
  const { title } = drillWords[kind];
  return lastAt === null || dueOn === null
    ? `${title} was never passed`
    : `${title} was passed on ${dayOf(lastAt)}, and was due by ${dueOn}`;
}

function dayOf(wallTime: string): string {
  return wallTime.slice(0, 10);
}
