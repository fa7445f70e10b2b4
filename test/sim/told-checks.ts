import { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { ruleTable } from '../../shared/failover/rules.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import { lookMs, type EngineUnit } from './engine-unit.ts';
import type { MemberHost } from './member-host.ts';
import type { Schedule } from './schedule.ts';

/** One member, and the truth about its engine. */
interface ToldSite {
  readonly host: MemberHost;
  readonly unit: EngineUnit;
}

export interface ToldChecksPorts {
  readonly schedule: Schedule;
  readonly cluster: string;
  readonly violate: (what: string) => void;
}

const ruleIds = new Set(ruleTable.map(({ id }) => id));
/** Every so many looks the whole snapshot is read: it is dear to make. */
const looksPerSnapshot = 8;
/** A program that has just gone on tells for a moment what it saw before it stood still. */
const settledMs = 300;
/** A decision as old as this describes the same moment as the snapshot. */
const justMs = 5;
/** Ticks of the machine's clock, its drift, and what is on its way between look and finding. */
const slackMs = 40;

/** Holds what the members say against the rules of saying it (I4, I8), against each other (I6) and against the truth. */
export class ToldChecks {
  /** Rules by which something was decided. */
  readonly rules = new Set<string>();
  private readonly ports: ToldChecksPorts;
  private readonly grantedTo = new Map<number, string>();
  private looks = 0;

  constructor(ports: ToldChecksPorts) {
    this.ports = ports;
  }

  /** I4: what a member says is always a rule with its sentence. */
  explained({ member, name }: MemberHost): void {
    const decision = member?.served().loop.decision().rule;
    if (decision === undefined) return;
    this.rules.add(decision.ruleId);
    if (!ruleIds.has(decision.ruleId) || decision.reason === '' || decision.headline === '')
      this.ports.violate(`I4: ${name} does not explain itself: ${JSON.stringify(decision)}`);
  }

  /** At every question of the balancer. */
  look(sites: readonly ToldSite[]): void {
    this.looks += 1;
    const active = sites.filter(({ host }) => host.answering()?.balancerAnswers().active() === true);
    if (active.length > 1)
      this.ports.violate(`I1: both members of ${this.ports.cluster} answer /active with 200`);
    for (const site of sites) {
      this.epochOf(site.host);
      if (this.looks % looksPerSnapshot === 0) this.snapshotOf(site);
    }
  }

  /** I6: an epoch that a member has written down is its own. */
  private epochOf({ member, ports, program }: MemberHost): void {
    if (member === null || program?.turns() !== true) return;
    const { server, cluster } = ports.config;
    const { epoch, ended } = member.served().parts.memory.current();
    // One that has ended here may be the other's: a member begins anew above every epoch that it has heard of.
    if (epoch <= ended) return;
    const other = this.grantedTo.get(epoch);
    if (other !== undefined && other !== server)
      this.ports.violate(`I6: epoch ${epoch} of ${cluster} was granted to ${other} and to ${server}`);
    this.grantedTo.set(epoch, server);
  }

  /** I8: what is shown has an age, and was true then. */
  private snapshotOf({ host, unit }: ToldSite): void {
    const { program, member, name, ports } = host;
    if (member === null || program === null || program.turningForMs() < settledMs) return;
    const snapshot = member.snapshot();
    const parsed = MemberSnapshot.safeParse(snapshot);
    if (!parsed.success) return this.ports.violate(`I8: ${name} tells what its contract does not know`);
    const wrong = wrongTime(snapshot, '');
    if (wrong !== null) return this.ports.violate(`I8: ${name} tells an impossible time: ${wrong}`);
    const { nowMs } = this.ports.schedule;
    const { value, why, ageMs } = snapshot.engine.process;
    if (value === null && why === undefined)
      return this.ports.violate(`I8: ${name} does not say why it does not know whether its engine runs`);
    if (value === null) return;
    const { timing } = ports.config;
    // An age is told by the member's own clock, which may drift as far as δ allows.
    const slack = slackMs + (ageMs * clockDriftBound(timing.T)) / timing.T;
    const seen = unit.wasSeen(value !== 'stopped', nowMs - ageMs - lookMs - slack, nowMs - ageMs + slack);
    if (!seen)
      this.ports.violate(`I8: ${name} shows its engine as ${value}, ${ageMs} ms old, which was not true`);
    const justDecided = snapshot.decision.ageMs < justMs;
    if (justDecided && snapshot.role.observed === 'active' && snapshot.activeAnswer === '503')
      this.ports.violate(`I8: ${name} is shown as Active and answers /active with 503`);
  }
}

/** The first age or rest of time that cannot be, with its place; null: there is none. */
function wrongTime(told: unknown, place: string): string | null {
  if (told === null || typeof told !== 'object') return null;
  for (const [key, value] of Object.entries(told)) {
    const here = `${place}.${key}`;
    const isTime = typeof value === 'number' && /(ageMs|Ms)$/.test(key);
    if (isTime && !(Number.isFinite(value) && value >= 0)) return `${here} is ${value}`;
    const inside = wrongTime(value, here);
    if (inside !== null) return inside;
  }
  return null;
}
