import { useMediaQuery } from '@mantine/hooks';
import { ReactFlow, ReactFlowProvider, type Node, type NodeProps } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import { factWord } from '../../../shared/history/site-difference.ts';
import { ageWords, factTitles } from '../../../shared/history/text-lines.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { canvasSettings } from '../topology/canvas-settings.ts';
import { layoutTopology, memberPlace, type SidePorts } from '../topology/layout.ts';
import { MemberPorts } from '../topology/member-node.tsx';
import member from '../topology/member-node.module.css';
import { PartNode, type PartNodeType } from '../topology/part-node.tsx';
import { useFittedView, useRoom } from '../topology/topology-canvas.tsx';
import { Legend, TopologyEdge, type TopologyEdgeType } from '../topology/topology-edge.tsx';
import { memberShares, pathHandles } from '../topology/topology-graph.ts';
import { formatInstant } from './axis.ts';
import { partsThen, pathsThen, type ClusterThen, type MemberThen } from './past-graph.ts';
import classes from './past-topology.module.css';
import { RoleThenChip } from './role-then-chip.tsx';
import { useAnswer } from './use-answer.ts';

export interface PastTopologyProps {
  readonly source: string | null;
  readonly cluster: string;
  readonly atMs: number;
  /** Some instant of today. */
  readonly dayMs: number;
  readonly nameOf: (server: string) => string;
  readonly onClose: () => void;
}

/** The topology of a cluster at an instant, as the journals tell it: what they do not tell is drawn as not known. */
export function PastTopology(props: PastTopologyProps) {
  const { source, cluster, atMs, dayMs, nameOf, onClose } = props;
  const { answer, error } = useAnswer('readInstant', { source, at: new Date(atMs).toISOString() });
  const then = answer?.clusters.find((one) => one.cluster === cluster);
  return (
    <div className={classes.place}>
      <header className={classes.head}>
        <h2>
          {cluster} at {formatInstant(atMs, dayMs)}
        </h2>
        <span className="small ink2">
          As the journals tell it, not as it is now. Pick another instant on the lanes to see it then.
        </span>
        <InkButton onClick={onClose}>Show the records</InkButton>
      </header>
      {error && <ErrorNotice error={error} />}
      {answer !== null && then === undefined && (
        <Notice kind="waiting" title={`The journals tell nothing of ${cluster} up to then`}>
          Pick a later instant.
        </Notice>
      )}
      {then !== undefined && (
        <ReactFlowProvider>
          <Drawing key={cluster} then={then} nameOf={nameOf} />
        </ReactFlowProvider>
      )}
    </div>
  );
}

const nodeTypes = { then: MemberThenNode, part: PartNode };
const edgeTypes = { state: TopologyEdge };

function Drawing({
  then,
  nameOf,
}: {
  readonly then: ClusterThen;
  readonly nameOf: (server: string) => string;
}) {
  const roomy = useMediaQuery('(min-height: 64rem)', false);
  const mode = roomy ? 'full' : 'split';
  const holder = useRef<HTMLDivElement>(null);
  const room = useRoom(holder, mode);
  const names = then.members.map(({ server }) => server).join(' ');
  const layout = useMemo(() => layoutTopology(names.split(' '), mode, room), [names, mode, room]);
  useFittedView(holder, layout);
  const servers = names.split(' ');
  const paths = pathsThen(then, mode);
  const still = { draggable: false, selectable: false };
  const nodes: (MemberThenType | PartNodeType)[] = [
    ...then.members.flatMap((one, index) => {
      const box = layout.boxes.get(memberPlace(one.server));
      if (!box) return [];
      const name = nameOf(one.server);
      return {
        ...{ id: memberPlace(one.server), type: 'then' as const, position: box, ...still },
        ...{ width: box.width, height: box.height, ariaLabel: `${name}, ${factWord(one.role)}` },
        data: { then: one, name, ports: layout.ports, leftmost: index === 0 },
      };
    }),
    ...Object.entries(partsThen(then, nameOf)).flatMap(([id, words]) => {
      const part = id as PartNodeType['data']['part'];
      const box = layout.boxes.get(part);
      if (!box) return [];
      const sideways = part === 'store' || mode === 'split';
      return {
        ...{ id: part, type: 'part' as const, position: box, ...still },
        ...{ width: box.width, height: box.height, ariaLabel: `${words.name}: ${words.lines.join(', ')}` },
        data: { part, ...words, memberAt: memberShares(servers, layout, box, part), sideways },
      };
    }),
  ];
  const edges = paths.map((path): TopologyEdgeType => ({
    ...{ id: path.id, type: 'state', source: path.from, target: path.to, data: { path } },
    ...{ focusable: false, selectable: false, ...pathHandles(servers, layout, path) },
  }));
  return (
    <>
      <div className={classes.canvas} ref={holder}>
        <ReactFlow
          {...canvasSettings}
          {...{ nodes, edges, nodeTypes, edgeTypes }}
          aria-label={`Topology of ${then.cluster} then`}
        />
        <Legend paths={paths} />
      </div>
    </>
  );
}

type MemberThenType = Node<
  {
    readonly then: MemberThen;
    readonly name: string;
    readonly ports: SidePorts;
    readonly leftmost: boolean;
  },
  'then'
>;

const shownFacts = ['epoch', 'lease', 'engine', 'store', 'link', 'agent'] as const;

function MemberThenNode({ data }: NodeProps<MemberThenType>) {
  const { then, name } = data;
  const { role } = then;
  const frame = role.value === 'active' || role.value === 'passive' ? role.value : 'unknown';
  return (
    <div className={`${member.node} ${member[frame]} ${classes.still}`}>
      <MemberPorts {...data} />
      <div className={member.head}>
        <span className={member.name}>{name}</span>
        <span className={member.chip} title={'why' in role ? role.why : role.sentence}>
          <RoleThenChip role={role.value === null ? null : String(role.value)} />
        </span>
      </div>
      <dl className={member.facts}>
        {shownFacts.map((fact) => {
          const told = then[fact];
          const why = 'why' in told ? told.why : null;
          return (
            <div className={member.fact} key={fact} title={'why' in told ? told.why : told.sentence}>
              <dt>{factTitles[fact]}</dt>
              <dd className={`${member.value} ${why === null ? '' : 'ink3'}`}>{factWord(told)}</dd>
              <dd className={`${member.age} small ink3 num`}>{'why' in told ? '?' : ageWords(told.ageMs)}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
