import { ReactFlow, useReactFlow, ReactFlowProvider, type NodeChange } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import type { ClusterSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { planSwitchover, switchoverRefusal } from '../../../shared/fleet/switchover-plan.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { layoutTopology, memberPlace, type LayoutMode, type TopologyLayout } from './layout.ts';
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
  const layout = useMemo(() => layoutTopology(servers.split(' '), mode), [servers, mode]);
  const refusal = useDragRefusal(sight, drag);
  const paths = topologyPaths(sight, mode);
  const nodes = topologyNodes({ sight, site, layout, selected, drag, refusal });
  const holder = useFittedView(layout);

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
      navigate({ page: 'switchover', cluster: sight.cluster.id, target });
    }
  }

  return (
    <div className={mode === 'full' ? classes.canvas : classes.splitCanvas} ref={holder}>
      <ReactFlow
        nodes={nodes}
        edges={topologyEdges({ sight, layout, drag }, paths)}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={changed}
        onNodeDragStop={dropped}
        nodesConnectable={false}
        panOnDrag={false}
        panOnScroll={false}
        zoomOnScroll={false}
        zoomOnPinch={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        selectNodesOnDrag={false}
        elevateNodesOnSelect={false}
        deleteKeyCode={null}
        minZoom={0.4}
        maxZoom={1.3}
        aria-label={`Topology of ${sight.cluster.id}`}
        proOptions={{ hideAttribution: true }}
      />
      <Legend paths={paths} />
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

/** Keeps the whole picture in its frame at any window size, at most 1.3 times enlarged. */
function useFittedView(layout: TopologyLayout) {
  const holder = useRef<HTMLDivElement>(null);
  const { setViewport } = useReactFlow();
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const fit = () => void setViewport(viewportFor(layout, element.clientWidth, element.clientHeight));
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    fit();
    return () => observer.disconnect();
  }, [layout, setViewport]);
  return holder;
}

const margin = { side: 16, top: 12, legend: 34 };

function viewportFor(layout: TopologyLayout, width: number, height: number) {
  const boxes = [...layout.boxes.values()];
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const room = { width: width - 2 * margin.side, height: height - margin.top - margin.legend };
  const fit = Math.min(room.width / (right - left), room.height / (bottom - top), 1.3);
  const zoom = Math.max(0.4, fit);
  return {
    zoom,
    x: Math.round(width / 2 - ((left + right) / 2) * zoom),
    y: Math.round(margin.top + Math.max(0, (room.height - (bottom - top) * zoom) / 2) - top * zoom),
  };
}
