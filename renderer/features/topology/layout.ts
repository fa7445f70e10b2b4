import { Graph, layout as runDagre } from '@dagrejs/dagre';

/** full: senders → balancer → members → storage · split: members and what stands between them, wide and flat. */
export type LayoutMode = 'full' | 'split';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PlaceId = 'senders' | 'balancer' | 'store' | 'storage' | `member:${string}`;

/** Heights on a member's side where its paths leave, from its top. */
export interface SidePorts {
  readonly beat: number;
  /** Between the heartbeat and the lease store: what travels through the other member. */
  readonly relay: number;
  readonly store: number;
  readonly storage: number;
}

export interface TopologyLayout {
  readonly mode: LayoutMode;
  readonly boxes: ReadonlyMap<PlaceId, Box>;
  readonly ports: SidePorts;
}

const memberSize = { width: 282, height: 226 };
const splitMemberSize = { width: 300, height: 226 };
/** Enlarged no further than this. */
export const greatestZoom = 1.3;
/** Room between the members, and between the ranks: the least, and the most that still reads as one picture. */
const gaps = { full: { least: 210, most: 400 }, split: { least: 476, most: 620 } } as const;
const rankRoom = { least: 48, most: 76 };
/** Senders, balancer, members and storage above each other, without the room between them. */
const rankHeights = 32 + 50 + memberSize.height + 50;

/** Room that the picture may fill, in pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

const noFrame: FrameSize = { width: 0, height: 0 };

export function memberPlace(server: string): PlaceId {
  return `member:${server}`;
}

/** Fixed places for a cluster's parts: both members have the same distance to everything and no paths cross. */
export function layoutTopology(
  servers: readonly string[],
  mode: LayoutMode,
  frame: FrameSize = noFrame,
): TopologyLayout {
  const height = mode === 'full' ? rankHeights + 3 * rankRoom.least : splitMemberSize.height;
  const zoom = Math.min(greatestZoom, frame.height / height);
  const gap = memberGap(mode, servers.length, zoom > 0 ? frame.width / zoom : 0);
  if (mode === 'split') return splitLayout(servers, gap);
  const ranksep = between(rankRoom, (frame.height / greatestZoom - rankHeights) / 3);
  return fullLayout(servers, gap, ranksep);
}

/** In a wide frame the members stand further apart, so that their paths have room and no band stays empty. */
function memberGap(mode: LayoutMode, members: number, width: number): number {
  const size = mode === 'full' ? memberSize : splitMemberSize;
  return between(gaps[mode], (width - members * size.width) / Math.max(1, members - 1));
}

/** Within the bounds and in steps, so that a frame that changes by a little changes nothing. */
function between({ least, most }: { readonly least: number; readonly most: number }, wanted: number): number {
  return Math.min(most, Math.max(least, Math.floor(wanted / 10) * 10));
}

function fullLayout(servers: readonly string[], gap: number, ranksep: number): TopologyLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: gap, ranksep });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode('senders', { width: 340, height: 32 });
  graph.setNode('balancer', { width: 340, height: 50 });
  graph.setNode('storage', { width: storageWidth(servers.length, gap), height: 50 });
  for (const server of servers) graph.setNode(memberPlace(server), { ...memberSize });
  graph.setEdge('senders', 'balancer');
  for (const server of servers) {
    graph.setEdge('balancer', memberPlace(server));
    graph.setEdge(memberPlace(server), 'storage');
  }
  runDagre(graph);
  const boxes = new Map<PlaceId, Box>();
  for (const id of graph.nodes()) {
    const node = graph.node(id) as { x: number; y: number; width: number; height: number };
    boxes.set(id as PlaceId, {
      x: Math.round(node.x - node.width / 2),
      y: Math.round(node.y - node.height / 2),
      width: node.width,
      height: node.height,
    });
  }
  keepOrder(boxes, servers);
  const ports = { beat: 54, relay: 92, store: 150, storage: 204 };
  placeBetween(boxes, servers, 'store', { width: 158, height: 68, at: ports.store });
  return { mode: 'full', boxes, ports };
}

/** The members stand in the site's order, whatever order the layout found. */
function keepOrder(boxes: Map<PlaceId, Box>, servers: readonly string[]): void {
  const places = servers.map((server) => boxes.get(memberPlace(server))!).sort((a, b) => a.x - b.x);
  servers.forEach((server, index) => boxes.set(memberPlace(server), places[index]!));
}

function splitLayout(servers: readonly string[], gap: number): TopologyLayout {
  const boxes = new Map<PlaceId, Box>();
  servers.forEach((server, index) => {
    boxes.set(memberPlace(server), { x: index * (splitMemberSize.width + gap), y: 0, ...splitMemberSize });
  });
  const ports = { beat: 30, relay: 62, store: 120, storage: 196 };
  placeBetween(boxes, servers, 'store', { width: 250, height: 68, at: ports.store });
  placeBetween(boxes, servers, 'storage', { width: 330, height: 52, at: ports.storage });
  return { mode: 'split', boxes, ports };
}

/** Puts a box in the middle of the members, centred on the height where their paths leave. */
function placeBetween(
  boxes: Map<PlaceId, Box>,
  servers: readonly string[],
  place: PlaceId,
  box: { readonly width: number; readonly height: number; readonly at: number },
): void {
  const members = servers
    .map((server) => boxes.get(memberPlace(server)))
    .filter((found) => found !== undefined);
  const left = Math.min(...members.map((member) => member.x));
  const right = Math.max(...members.map((member) => member.x + member.width));
  const top = members[0]?.y ?? 0;
  boxes.set(place, {
    x: Math.round((left + right) / 2 - box.width / 2),
    y: Math.round(top + box.at - box.height / 2),
    width: box.width,
    height: box.height,
  });
}

function storageWidth(members: number, gap: number): number {
  return members * memberSize.width + (members - 1) * gap - 120;
}
