import { Checkbox } from '@mantine/core';
import type { SiteSight } from '../../../shared/fleet/sight.ts';

/** Clusters that a person lets go on while nobody could take over. */
export function GoOnUnprotected(props: {
  readonly site: SiteSight;
  readonly value: readonly string[];
  readonly onChange: (clusters: string[]) => void;
}) {
  const { site, value, onChange } = props;
  return (
    <Checkbox.Group
      label="Go on although nobody could take over"
      description="Agents are restarted only while their cluster could lose its Active. For a cluster ticked here, a fault meanwhile is an outage."
      value={[...value]}
      onChange={onChange}
    >
      {site.clusters.map(({ cluster }) => (
        <Checkbox key={cluster.id} value={cluster.id} label={cluster.id} mt="0.375rem" />
      ))}
    </Checkbox.Group>
  );
}
