import { plans, type ChangeKind, type PlannedStep } from './plan.ts';

/** One change of a member's observed role and what led to it, as seen in a run. */
export interface RoleChange {
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

/** Roles of a member and what leads from one to another, as a Mermaid diagram. Causes of one arrow share its label. */
export function drawRoles(changes: readonly RoleChange[]): string {
  const arrows = new Map<string, Set<string>>();
  for (const { from, to, because } of changes) {
    const arrow = `${node(from)} --> ${node(to)}`;
    arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(because));
  }
  const lines = [...arrows]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([arrow, causes]) => `  ${arrow}: ${[...causes].sort().join(', ')}`);
  return mermaid(['  [*] --> passive: agent starts', ...lines]);
}

/** The steps of one kind of change with what a failure leads to, as a Mermaid diagram. */
export function drawPlan(kind: ChangeKind): string {
  const steps = plans[kind];
  const names = steps.map(({ kind: step, title }) => `  state "${title}" as ${node(step)}`);
  const path = ['[*]', ...steps.map((step) => node(step.kind)), '[*]'];
  const arrows = path.slice(1).map((to, index) => `  ${path[index]} --> ${to}`);
  const back = ['  state "Back to the old Active" as rolled_back', '  rolled_back --> [*]'];
  return mermaid([...names, ...arrows, ...steps.flatMap((step) => failureOf(step)), ...back]);
}

/** Where a step leads that fails for good. */
function failureOf({ kind, by }: PlannedStep): string[] {
  const from = node(kind);
  if (by === 'source') {
    // Before its epoch has ended the old Active goes on by itself; afterwards only a new epoch makes one.
    return kind === 'release' || kind === 'seal-ledger' || kind === 'end-epoch'
      ? []
      : [`  ${from} --> ${from}: tried again`];
  }
  if (kind === 'start-pollers') return [];
  return [`  ${from} --> rolled_back: fails`];
}

const node = (name: string) => name.replaceAll('-', '_');

function mermaid(lines: readonly string[]): string {
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}
