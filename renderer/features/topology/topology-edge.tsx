import {
  EdgeLabelRenderer,
  getSmoothStepPath,
  getStraightPath,
  type Edge,
  type EdgeProps,
} from '@xyflow/react';
import { Unplug } from 'lucide-react';
import type { PathStyle, TopologyPath } from './paths.ts';
import { pathWords } from './paths.ts';
import classes from './topology-edge.module.css';

export type TopologyEdgeType = Edge<{ readonly path: TopologyPath }, 'state'>;

/** A path that does not move: its style is its state, its label stands on the line. */
export function TopologyEdge(props: EdgeProps<TopologyEdgeType>) {
  const path = props.data?.path;
  if (!path) return null;
  const level = Math.abs(props.sourceY - props.targetY) < 1 || Math.abs(props.sourceX - props.targetX) < 1;
  const [line, labelX, labelY] = level
    ? getStraightPath(props)
    : getSmoothStepPath({ ...props, borderRadius: 8 });
  return (
    <>
      <path className={`${classes.path} ${classes[path.style]}`} d={line} data-path-style={path.style} />
      {path.name !== '' && <PathLabel path={path} x={labelX} y={labelY} />}
    </>
  );
}

function PathLabel(props: { readonly path: TopologyPath; readonly x: number; readonly y: number }) {
  const { path } = props;
  const tone =
    path.style === 'silent'
      ? classes.labelSilent
      : path.style === 'astray'
        ? classes.labelAstray
        : path.style === 'carries' || path.kind === 'beat'
          ? ''
          : classes.labelReady;
  return (
    <EdgeLabelRenderer>
      <div
        className={`${classes.label} ${tone} nopan`}
        style={{ transform: `translate(-50%, -50%) translate(${props.x}px, ${props.y}px)` }}
      >
        {path.style === 'silent' && <Unplug aria-hidden />}
        <b>{path.name}</b>
        {path.figures.map((figure) => (
          <span key={figure}>{figure}</span>
        ))}
      </div>
    </EdgeLabelRenderer>
  );
}

const styleOrder: readonly PathStyle[] = ['carries', 'answers', 'ready', 'astray', 'silent', 'unknown'];

/** Only the styles that are on the screen now. */
export function Legend({ paths }: { readonly paths: readonly TopologyPath[] }) {
  const used = styleOrder.filter((style) => paths.some((path) => path.style === style));
  return (
    <ul className={classes.legend} aria-label="Legend">
      {used.map((style) => (
        <li key={style}>
          <svg width="24" height="6" aria-hidden>
            <path className={`${classes.path} ${classes[style]}`} d="M 0 3 H 24" />
          </svg>
          {style === 'silent' && <Unplug size={12} aria-hidden />}
          {pathWords[style]}
        </li>
      ))}
    </ul>
  );
}
