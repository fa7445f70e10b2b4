import {
  clockDriftBound,
  leaseRunOut,
  timingPresetNames,
  timingPresets,
  type TimingPolicy,
} from './timing.ts';

/** The presets with what they mean for recovery, as Markdown. */
export function describeTiming(): string {
  const head = [
    '| preset | T | H | O | K | D | δ | emergency stop | lease runs out after a crash: best / typical / worst (s) |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  return [
    ...head,
    ...timingPresetNames.map((name) => `| ${name} | ${describePolicy(timingPresets[name])} |`),
  ].join('\n');
}

function describePolicy(timing: TimingPolicy): string {
  const { T, H, O, K, D, emergencyStop } = timing;
  const { best, typical, worst } = leaseRunOut(timing);
  const values = [T, H, O, K, D, two(clockDriftBound(T))].join(' | ');
  return `${values} | ${emergencyStop} | ${two(best)} / ${two(typical)} / ${two(worst)}`;
}

function two(value: number): string {
  return String(Math.round(value * 100) / 100);
}
