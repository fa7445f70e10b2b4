import { formatSeconds } from '../../shared/fleet/age.ts';
import { leaseInstants, type TimingPolicy } from '../../shared/lease/timing.ts';
import classes from './lease-ring.module.css';

export interface LeaseRingProps {
  readonly timing: TimingPolicy | null;
  /** What is left by the holder's clock, in milliseconds; null: no lease. */
  readonly leftMs: number | null;
  /** The holder is silent: the rest is computed, not seen, and drawn dashed. */
  readonly computed?: boolean;
  /** It lives on its peer's promise, or at a person's word, which is drawn as no lease: none could run out. */
  readonly without?: 'peer' | 'forced' | null;
  readonly size?: number;
}

const radius = 20;
const centre = 26;

/**
 * Full circle = T, arc = what is left. Two notches: guards kill (D + δ left) and own stop. Green above
 * the second, amber between them, red below the first.
 */
export function LeaseRing({ timing, leftMs, computed = false, without = null, size = 52 }: LeaseRingProps) {
  if (without === 'peer') return <PeerRing computed={computed} size={size} />;
  if (!timing || leftMs === null) {
    return (
      <svg
        className={classes.ring}
        width={size}
        height={size}
        viewBox="0 0 52 52"
        role="img"
        aria-label="No lease"
      >
        <circle className={classes.none} cx={centre} cy={centre} r={radius + 1} />
        <text className={classes.word} x={centre} y={centre + 4}>
          none
        </text>
      </svg>
    );
  }
  const fullMs = timing.T * 1000;
  const at = leaseInstants(timing);
  const killLeft = fullMs - at.guardKillMs;
  const stopLeft = fullMs - at.ownStopMs;
  const share = Math.min(1, Math.max(0, leftMs / fullMs));
  const tone = leftMs > stopLeft ? 'green' : leftMs > killLeft ? 'amber' : 'red';
  const seconds = formatSeconds(leftMs);
  const label = `Lease: ${seconds} s left of ${timing.T} s${computed ? ', computed, not seen' : ''}`;
  return (
    <svg
      className={classes.ring}
      width={size}
      height={size}
      viewBox="0 0 52 52"
      role="img"
      aria-label={label}
    >
      <circle className={classes.track} cx={centre} cy={centre} r={radius} strokeWidth={5} />
      <path
        className={`${classes.arc} ${classes[tone]}`}
        d={arcPath(share)}
        strokeWidth={5}
        strokeDasharray={computed ? '3 2' : undefined}
      />
      <Notch share={killLeft / fullMs} />
      <Notch share={stopLeft / fullMs} />
      <text className={classes.number} x={centre} y={centre + 4.5}>
        {seconds}
      </text>
    </svg>
  );
}

/** Peer mode is a closed ring without a number; its holder silent, dashed like all that is not seen. */
function PeerRing({ computed, size }: { readonly computed: boolean; readonly size: number }) {
  return (
    <svg
      className={classes.ring}
      width={size}
      height={size}
      viewBox="0 0 52 52"
      role="img"
      aria-label={`Peer mode: no lease, on the promise of its peer${computed ? ', not seen now' : ''}`}
    >
      <circle
        className={`${classes.arc} ${classes.green}`}
        cx={centre}
        cy={centre}
        r={radius}
        strokeWidth={5}
        strokeDasharray={computed ? '3 2' : undefined}
      />
      <text className={classes.peer} x={centre} y={centre + 4}>
        peer
      </text>
    </svg>
  );
}

/** A gap in the ring with a tooth outside, where something must happen. */
function Notch({ share }: { readonly share: number }) {
  const inner = point(share, radius - 3);
  const outer = point(share, radius + 3);
  const [from, to] = [point(share, radius + 3), point(share, radius + 5.75)];
  return (
    <>
      <line className={classes.notch} x1={inner.x} y1={inner.y} x2={outer.x} y2={outer.y} />
      <line className={classes.tooth} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
    </>
  );
}

/** The arc of what is left runs clockwise from the top and shrinks towards it. */
function arcPath(share: number): string {
  if (share <= 0) return '';
  const from = point(0, radius);
  if (share >= 0.9999) {
    const half = point(0.5, radius);
    return `M ${from.x} ${from.y} A ${radius} ${radius} 0 0 1 ${half.x} ${half.y} A ${radius} ${radius} 0 0 1 ${from.x} ${from.y}`;
  }
  const to = point(share, radius);
  return `M ${from.x} ${from.y} A ${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${to.x} ${to.y}`;
}

function point(share: number, distance: number): { x: number; y: number } {
  const angle = share * 2 * Math.PI - Math.PI / 2;
  return { x: round(centre + distance * Math.cos(angle)), y: round(centre + distance * Math.sin(angle)) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
