import type { MountFacts } from '../../shared/agent-api/member-snapshot.ts';
import type { Clock } from '../../shared/clock.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { Result } from '../../shared/result.ts';
import { unmountDue } from '../../shared/storage/mount-control.ts';
import type { MountUnit } from '../storage/mount-unit.ts';

export interface MountKeeperPorts {
  readonly unit: MountUnit;
  readonly clock: Clock;
  /** For the journal. */
  readonly note: (sentence: string, fine: boolean) => void;
  /** Something was mounted or unmounted: the storage is looked at again. */
  readonly changed: () => void;
  /** It is let go: what was proven of it says nothing any more. */
  readonly lettingGo: () => void;
}

/** For so long a planned hand-over looks for the end of its mount; a Passive has time. */
const handOverMs = 3_000;
const passiveMs = 10_000;
const againMs = 30_000;

/**
 * Has a shared directory mounted before it is proven, and unmounted once nothing here writes to it any more. Nothing
 * here decides who is Active, and a mount proves nothing: identity, write probe and generation are looked at afterwards.
 */
export class MountKeeper {
  private readonly ports: MountKeeperPorts;
  private trouble: string | null = null;
  /** It is being let go, after so many mounts. */
  private letsGo: number | null = null;
  private notBeforeMs = -Infinity;
  private told = '';
  /** How often it was mounted: the end of an earlier wish to let it go says nothing any more. */
  private mounts = 0;

  constructor(ports: MountKeeperPorts) {
    this.ports = ports;
  }

  /** Before the storage of a takeover is proven. */
  async mount(): Promise<Result<string, string>> {
    this.mounts += 1;
    const mounted = await this.ports.unit.mount();
    this.trouble = null;
    return mounted;
  }

  /** Why no engine is started now, as a sentence without its full stop; null: the directory is there. */
  missing(): string | null {
    const { unit } = this.ports;
    if (this.letsGo === this.mounts) return `${unit.name} is being unmounted`;
    return unit.isMounted() === false ? `${unit.name} is not mounted any more` : null;
  }

  /** In a hand-over, after the engine has stopped: what became of it. The hand-over goes on whatever it was. */
  async handOver(): Promise<string> {
    const done = await this.ports.unit.unmount(handOverMs);
    this.ports.changed();
    if (!done.ok) this.ports.note(`${done.error}; the hand-over goes on.`, false);
    return done.ok ? done.value : done.error;
  }

  /** Whether a mount is left from when this member was Active, or from the boot. Answers whether something has changed. */
  turn(facts: MemberFacts): boolean {
    const { unit, clock } = this.ports;
    const mounted = unit.isMounted();
    if (mounted === false) this.trouble = null;
    const due =
      mounted === true && this.letsGo === null && clock.bootMs() >= this.notBeforeMs && unmountDue(facts);
    if (due) void this.letGo();
    const before = this.told;
    this.told = JSON.stringify({ mounted, trouble: this.trouble });
    return this.told !== before;
  }

  facts(): MountFacts {
    const { unit } = this.ports;
    return { unit: unit.name, mounted: unit.isMounted(), trouble: this.trouble };
  }

  private async letGo(): Promise<void> {
    const { unit, clock, note, changed, lettingGo } = this.ports;
    const { mounts } = this;
    this.letsGo = mounts;
    lettingGo();
    const done = await unit.unmount(passiveMs);
    this.letsGo = null;
    if (done.ok) {
      this.trouble = null;
      note(`${done.value}: this member is not Active.`, true);
      return changed();
    }
    if (this.mounts !== mounts) return;
    this.notBeforeMs = clock.bootMs() + againMs;
    if (this.trouble === null) note(`${done.error}, although this member is not Active.`, false);
    this.trouble = done.error;
  }
}
