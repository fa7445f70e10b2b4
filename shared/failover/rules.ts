/**
 * The ordered table of rules: the first that matches decides. Each rule is pure and says its verdict and
 * its reason as one sentence; the same sentence is log line, API value, screen text and test oracle.
 *
 * Order is part of the meaning:
 *   R7x  a site that ran before is observed or taken over, first of all ·
 *   R0x  an engine that must not run · R1x a change asked for by a person, a takeover forced by one last · R2x holding the lease, becoming
 *   Active · R3x Active · R4x a local fault of the Active · R5x Passive · R6x taking over.
 */
import { adoptionRules } from './rules/adoption.ts';
import { activeRules } from './rules/active.ts';
import { becomingActiveRules } from './rules/becoming-active.ts';
import { changesRules } from './rules/changes.ts';
import { forbiddenRules } from './rules/forbidden.ts';
import { forcedRules } from './rules/forced.ts';
import { passiveRules } from './rules/passive.ts';
import type { Rule } from './rules/rule.ts';
import { takingOverRules } from './rules/taking-over.ts';

/** The whole table, in order. Within a group the order is the order of matching, not of the numbers. */
export const ruleTable: readonly Rule[] = [
  ...adoptionRules,
  ...forbiddenRules,
  ...changesRules,
  ...becomingActiveRules,
  ...activeRules,
  ...forcedRules,
  ...passiveRules,
  ...takingOverRules,
];
