import { ReactFlow, useReactFlow, ReactFlowProvider, type NodeChange } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import type { ClusterSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { planSwitchover, switchoverRefusal } from '../../../shared/fleet/switchover-plan.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { canvasSettings } from './canvas-settings.ts';
import {
  layoutTopology,
  memberPlace,
  greatestZoom,
  type FrameSize,
  type LayoutMode,
  type TopologyLayout,
} from './layout.ts';
import { MemberNode } from './member-node.tsx';
import { PartNode } from './part-node.tsx';
import { topologyPaths } from './paths.ts';
import { Legend, TopologyEdge } from './topology-edge.tsx';
import { topologyEdges, topologyNodes, type DragState, type TopologyNode } from './topology-graph.ts';
import classes from './topology-tab.module.css';

const nodeTypes = { member: MemberNode, part: PartNode };
const edgeTypes = { state: TopologyEdge };

export interface TopologyCanvasProps {
  readonly sight: ClusterSight;
  readonly site: SiteSight;
  readonly mode: LayoutMode;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** The drawn cluster. The Passive can be dragged onto the Active: that opens the plan, nothing more. */
export function TopologyCanvas(props: TopologyCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ sight, site, mode, selected, onSelect }: TopologyCanvasProps) {
  const [drag, setDrag] = useState<DragState | null>(null);
  const servers = sight.members.map((member) => member.server).join(' ');
  const holder = useRef<HTMLDivElement>(null);
  const room = useRoom(holder, mode);
  const layout = useMemo(() => layoutTopology(servers.split(' '), mode, room), [servers, mode, room]);
  const refusal = useDragRefusal(sight, drag);
  const paths = topologyPaths(sight, mode);
  const nodes = topologyNodes({ sight, site, layout, selected, drag, refusal });
  useFittedView(holder, layout);

  function changed(changes: NodeChange<TopologyNode>[]): void {
    for (const change of changes) {
      if (change.type === 'select' && change.selected) onSelect(change.id);
      if (change.type !== 'position' || !change.dragging || !change.position) continue;
      const server = sight.members.find((member) => memberPlace(member.server) === change.id)?.server;
      if (server)
        setDrag({ server, ...change.position, over: memberUnder(layout, sight, server, change.position) });
    }
  }

  function dropped(): void {
    const target = drag?.server;
    const over = drag?.over;
    setDrag(null);
    if (target && over && refusal === null) {
      navigate({ page: 'move', verb: 'switchover', cluster: sight.cluster.id, target });
    }
  }

  return (
    <div className={mode === 'full' ? classes.canvas : classes.splitCanvas} ref={holder}>
      <ReactFlow
        {...canvasSettings}
        nodes={nodes}
        edges={topologyEdges({ sight, layout, drag }, paths)}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={changed}
        onNodeDragStop={dropped}
        selectNodesOnDrag={false}
        elevateNodesOnSelect={false}
        aria-label={`Topology of ${sight.cluster.id}`}
      />
      {mode === 'full' && <Legend paths={paths} />}
      {drag?.over && refusal !== null && (
        <div className={classes.refusal} role="status">
          <b>Not here:</b> {refusal}
        </div>
      )}
    </div>
  );
}

/** Why the dragged member may not be dropped on the Active now; null when it may. */
function useDragRefusal(sight: ClusterSight, drag: DragState | null): string | null {
  const snapshot = useSnapshot();
  const { connected } = useConnection();
  const target = sight.members.find((member) => member.server === drag?.server);
  if (!drag || !target || !snapshot) return null;
  return switchoverRefusal(planSwitchover(sight, target, { role: snapshot.me.role, connected }));
}

/** The Active that the dragged node's middle is over. */
function memberUnder(
  layout: TopologyLayout,
  sight: ClusterSight,
  dragged: string,
  position: { readonly x: number; readonly y: number },
): string | null {
  const size = layout.boxes.get(memberPlace(dragged));
  const role = clusterRole(sight);
  if (!size || role.kind !== 'one') return null;
  const middle = { x: position.x + size.width / 2, y: position.y + size.height / 2 };
  const box = layout.boxes.get(memberPlace(role.active.server))!;
  const inside =
    middle.x > box.x - 40 &&
    middle.x < box.x + box.width + 40 &&
    middle.y > box.y - 40 &&
    middle.y < box.y + box.height + 40;
  return inside ? role.active.server : null;
}

type Holder = RefObject<HTMLDivElement | null>;

/** What of the frame the picture may fill; undefined before it was measured. */
export function useRoom(holder: Holder, mode: LayoutMode): FrameSize | undefined {
  const [room, setRoom] = useState<FrameSize>();
  useEffect(
    () =>
      whenSized(holder, (width, height) => {
        const next = roomIn(mode, width, height);
        setRoom((last) => (last?.width === next.width && last.height === next.height ? last : next));
      }),
    [holder, mode],
  );
  return room;
}

/** Keeps the whole picture in its frame at any window size, at most 1.3 times enlarged. */
export function useFittedView(holder: Holder, layout: TopologyLayout): void {
  const { setViewport } = useReactFlow();
  useEffect(
    () => whenSized(holder, (width, height) => void setViewport(viewportFor(layout, width, height))),
    [holder, layout, setViewport],
  );
}

/** Tells the size of the frame now and whenever it changes; returns how to end that. */
function whenSized(holder: Holder, tell: (width: number, height: number) => void) {
  const element = holder.current;
  if (!element) return undefined;
  const measure = () => tell(element.clientWidth, element.clientHeight);
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  measure();
  return () => observer.disconnect();
}

const margin = { side: 16, top: 12, legend: 34, bottom: 4 };

function roomIn(mode: LayoutMode, width: number, height: number): FrameSize {
  const below = mode === 'full' ? margin.legend : margin.bottom;
  return { width: width - 2 * margin.side, height: height - margin.top - below };
}

function viewportFor(layout: TopologyLayout, width: number, height: number) {
  const boxes = [...layout.boxes.values()];
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const room = roomIn(layout.mode, width, height);
  const fit = Math.min(room.width / (right - left), room.height / (bottom - top), greatestZoom);
  const zoom = Math.max(0.4, fit);
  return {
    zoom,
    x: Math.round(width / 2 - ((left + right) / 2) * zoom),
    y: Math.round(margin.top + Math.max(0, (room.height - (bottom - top) * zoom) / 2) - top * zoom),
  };
}
