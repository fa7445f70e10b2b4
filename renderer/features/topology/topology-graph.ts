import type { Edge, Node } from '@xyflow/react';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import type { ClusterSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { memberPlace, type Box, type PlaceId, type TopologyLayout } from './layout.ts';
import type { MemberNodeData, MemberNodeType } from './member-node.tsx';
import type { PartNodeData, PartNodeType } from './part-node.tsx';
import { balancerWords, sendersWords, storageWords, storeWords, type PartWords } from './part-facts.ts';
import type { TopologyPath } from './paths.ts';
import type { TopologyEdgeType } from './topology-edge.tsx';

export type TopologyNode = MemberNodeType | PartNodeType;

export interface DragState {
  readonly server: string;
  readonly x: number;
  readonly y: number;
  readonly over: string | null;
}

export interface GraphInput {
  readonly sight: ClusterSight;
  readonly site: SiteSight;
  readonly layout: TopologyLayout;
  readonly selected: string;
  readonly drag: DragState | null;
  /** While dragging: why it may not be dropped; null: it may. */
  readonly refusal: string | null;
}

/** Nodes for React Flow, at the places of the layout. */
export function topologyNodes(input: GraphInput): TopologyNode[] {
  const { sight, site, layout } = input;
  const servers = sight.members.map(({ server }) => server);
  const parts: [PartNodeData['part'], PartWords][] = [
    ['senders', sendersWords(sight)],
    ['balancer', balancerWords(sight, site)],
    ['store', storeWords(sight, site)],
    ['storage', storageWords(sight, layout.mode)],
  ];
  return [
    ...sight.members.map((_, index) => memberNode(input, index)),
    ...parts.flatMap(([part, words]) => {
      const box = layout.boxes.get(part);
      if (!box) return [];
      const sideways = part === 'store' || layout.mode === 'split';
      const data: PartNodeData = {
        part,
        ...words,
        memberAt: memberShares(servers, layout, box, part),
        sideways,
      };
      return [
        {
          ...frame(part, box, input.selected),
          type: 'part' as const,
          data,
          ariaLabel: `${words.name} ${words.note}`,
        },
      ];
    }),
  ];
}

function memberNode(input: GraphInput, index: number): MemberNodeType {
  const { sight, layout, drag } = input;
  const member = sight.members[index]!;
  const place = memberPlace(member.server);
  const box = layout.boxes.get(place)!;
  const dragged = drag?.server === member.server;
  const drop =
    !dragged && drag?.over === member.server ? (input.refusal === null ? 'target' : 'refused') : null;
  const grip = member.role.kind === 'passive' && clusterRole(sight).kind === 'one';
  const data: MemberNodeData = { sight, member, ports: layout.ports, leftmost: index === 0, grip, drop };
  return {
    ...frame(place, dragged ? { ...box, x: drag.x, y: drag.y } : box, input.selected),
    type: 'member',
    data,
    draggable: grip,
    zIndex: dragged ? 10 : 0,
    ariaLabel: `${member.name}, ${member.role.word}`,
  };
}

function frame(
  id: string,
  box: Box,
  selected: string,
): Pick<Node, 'id' | 'position' | 'width' | 'height' | 'selected'> & { draggable: boolean } {
  return {
    id,
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    selected: id === selected,
    draggable: false,
  };
}

/** Where the paths to the members leave a box, so that those below run straight down. */
export function memberShares(
  servers: readonly string[],
  layout: TopologyLayout,
  box: Box,
  part: PartNodeData['part'],
): number[] {
  if (part === 'balancer') return servers.map((_, index) => (index === 0 ? 0.22 : 0.78));
  return servers.map((server) => {
    const place = layout.boxes.get(memberPlace(server))!;
    return (place.x + place.width / 2 - box.x) / box.width;
  });
}

/** Edges for React Flow; the handles say at which side they leave. */
export function topologyEdges(
  { sight, layout, drag }: Pick<GraphInput, 'sight' | 'layout' | 'drag'>,
  paths: readonly TopologyPath[],
): Edge[] {
  const servers = sight.members.map(({ server }) => server);
  return paths.map((path): TopologyEdgeType => {
    const { sourceHandle, targetHandle } = pathHandles(servers, layout, path);
    return {
      id: path.id,
      type: 'state',
      source: path.from,
      target: path.to,
      sourceHandle,
      targetHandle,
      data: { path },
      // Paths do not move: those of a dragged member are put away until it is back.
      hidden: drag !== null && [path.from, path.to].includes(memberPlace(drag.server)),
      focusable: false,
      selectable: false,
    };
  });
}

/** At which sides of its two ends a path leaves. */
export function pathHandles(servers: readonly string[], layout: TopologyLayout, path: TopologyPath) {
  const at = (place: PlaceId) => servers.findIndex((server) => memberPlace(server) === place);
  switch (path.kind) {
    case 'senders':
      return { sourceHandle: 'out', targetHandle: 'in' };
    case 'balancer':
      return { sourceHandle: `member-${at(path.to)}`, targetHandle: 'top' };
    case 'beat':
      return { sourceHandle: 'beat', targetHandle: 'beat' };
    case 'relay':
      return { sourceHandle: 'relay', targetHandle: 'relay' };
    case 'store':
      return { sourceHandle: 'store', targetHandle: `member-${at(path.from)}` };
    case 'storage':
      return {
        sourceHandle: layout.mode === 'full' ? 'bottom' : 'storage',
        targetHandle: `member-${at(path.from)}`,
      };
  }
}
