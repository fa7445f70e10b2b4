import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { Database, KeyRound, Scale, Send, type LucideIcon } from 'lucide-react';
import { Age } from '../../components/age.tsx';
import type { PartWords } from './part-facts.ts';
import ports from './member-node.module.css';
import classes from './part-node.module.css';

/** Anything in the picture that is no member: senders, balancer, lease store, storage. */
export interface PartNodeData extends PartWords, Record<string, unknown> {
  readonly part: 'senders' | 'balancer' | 'store' | 'storage';
  /** Where the paths to the members leave, as shares of the width. */
  readonly memberAt: readonly number[];
  readonly sideways: boolean;
}
export type PartNodeType = Node<PartNodeData, 'part'>;

const icons: Record<PartNodeData['part'], LucideIcon> = {
  senders: Send,
  balancer: Scale,
  store: KeyRound,
  storage: Database,
};

export function PartNode({ data, selected }: NodeProps<PartNodeType>) {
  const Icon = icons[data.part];
  return (
    <div
      className={`${classes.node} ${data.silent ? classes.unknown : ''} ${selected ? classes.chosen : ''}`}
    >
      <PartPorts {...data} />
      <div className={classes.head}>
        <Icon aria-hidden />
        <b>{data.name}</b>
        <span className="small ink3 ellipsis">{data.note}</span>
        <span className={classes.right}>
          {data.right === undefined ? (
            <Age ms={data.ageMs} sourceSilent={data.silent} />
          ) : (
            <span className="small ink2 num">{data.right}</span>
          )}
        </span>
      </div>
      {data.lines.map((line) => (
        <div className={classes.line} key={line}>
          {line}
        </div>
      ))}
    </div>
  );
}

function PartPorts(data: PartNodeData) {
  if (data.part === 'senders') {
    return <Handle id="out" type="source" position={Position.Bottom} className={ports.port} />;
  }
  if (data.part === 'balancer') {
    return (
      <>
        <Handle id="in" type="target" position={Position.Top} className={ports.port} />
        {data.memberAt.map((share, index) => (
          <Handle
            key={share}
            id={`member-${index}`}
            type="source"
            position={Position.Bottom}
            style={{ left: `${share * 100}%` }}
            className={ports.port}
          />
        ))}
      </>
    );
  }
  if (data.sideways) {
    return (
      <>
        <Handle id="member-0" type="target" position={Position.Left} className={ports.port} />
        <Handle id="member-1" type="target" position={Position.Right} className={ports.port} />
      </>
    );
  }
  return data.memberAt.map((share, index) => (
    <Handle
      key={share}
      id={`member-${index}`}
      type="target"
      position={Position.Top}
      style={{ left: `${share * 100}%` }}
      className={ports.port}
    />
  ));
}
