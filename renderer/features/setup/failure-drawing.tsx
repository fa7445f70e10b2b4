import type { FailureCourse } from '../../../shared/setup/timing-choice.ts';
import classes from './setup.module.css';

const laneX = 110;
const laneWidth = 830;
const laneHeight = 21;

/** Three lanes on one time axis: the member that died, the lease store, the one that takes over. */
export function FailureDrawing(props: {
  readonly course: FailureCourse;
  /** False: how long the engine starts is not known, and the last lane ends open. */
  readonly startKnown: boolean;
  readonly active: string;
  readonly passive: string;
}) {
  const { course, startKnown } = props;
  // Wide enough for the longest note behind its lane.
  const end = Math.max(course.active * 1.2 + 1, course.mightServe.to * 1.8);
  const x = (seconds: number) => laneX + (seconds / end) * laneWidth;
  const step = [1, 2, 5, 10, 20].find((candidate) => end / candidate <= 8) ?? 20;
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
  const one = (seconds: number) => seconds.toFixed(1);
  const label = `Power fails ${one(course.sinceRenewal)} s after a renewal. The lease is free after ${one(course.leaseLive.to)} s. ${props.passive} is Active after ${startKnown ? '' : 'at least '}${one(course.active)} s.`;
  return (
    <svg className={classes.failure} viewBox="0 0 960 168" role="img" aria-label={label}>
      <text x={x(0) + 4} y="12" className={classes.failText}>
        power fails, {one(course.sinceRenewal)} s after a renewal
      </text>
      {[props.active, 'Lease store', props.passive].map((name, lane) => (
        <text key={name} x="8" y={38 + lane * 40} className={classes.laneName}>
          {name}
        </text>
      ))}
      <Lane y={24} from={x(0)} to={x(course.mightServe.to)} kind="silent">
        silent: down, or only cut off? Cannot be told apart
      </Lane>
      <text x={x(course.mightServe.to) + 8} y="38" className={classes.laneNote}>
        guards would have killed by {one(course.mightServe.to)} s, if it was only cut off
      </text>
      <Lane y={64} from={x(0)} to={x(course.leaseLive.to)} kind="store">
        lease counts as live until T + δ after the last renewal
      </Lane>
      <text x={x(course.leaseLive.to) + 8} y="78" className={classes.laneNote}>
        free and granted at {one(course.leaseLive.to)} s
      </text>
      <Lane y={104} from={x(0)} to={x(course.leaseLive.to)} kind="passive">
        Passive, must wait
      </Lane>
      <Lane y={104} from={x(course.proof.from)} to={x(course.proof.to)} kind="working">
        {''}
      </Lane>
      <Lane y={104} from={x(course.engineStart.from)} to={x(course.engineStart.to)} kind="working">
        {startKnown ? 'engine starts' : ''}
      </Lane>
      <Lane y={104} from={x(course.active)} to={laneX + laneWidth} kind={startKnown ? 'active' : 'unknown'}>
        {startKnown ? 'Active' : 'engine starts: not measured yet'}
      </Lane>
      <path className={classes.failLine} d={`M${x(0)} 16 V140`} />
      {ticks.map((tick) => (
        <g key={tick}>
          <path className={classes.rangeAxis} d={`M${x(tick)} 132 V138`} />
          <text x={x(tick)} y="154" textAnchor="middle" className={classes.laneNote}>
            {tick} s
          </text>
        </g>
      ))}
      <path className={classes.activeLine} d={`M${x(course.active)} 100 V142`} />
      <text x={x(course.active)} y="166" textAnchor="middle" className={classes.activeTime}>
        {startKnown ? '' : '≥ '}
        {one(course.active)} s
      </text>
    </svg>
  );
}

function Lane(props: {
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly kind: 'silent' | 'store' | 'passive' | 'working' | 'active' | 'unknown';
  readonly children: string;
}) {
  const width = Math.max(2, props.to - props.from);
  return (
    <g>
      <rect
        className={`${classes.lane} ${classes[`lane-${props.kind}`]}`}
        x={props.from}
        y={props.y}
        width={width}
        height={laneHeight}
        rx="3"
      />
      {width > props.children.length * 6 && (
        <text x={props.from + 6} y={props.y + 15} className={classes.laneText}>
          {props.children}
        </text>
      )}
    </g>
  );
}
