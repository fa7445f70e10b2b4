import type { EvidenceReport } from '../../../shared/agent-api/member-evidence.ts';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './evidence.module.css';

type Capabilities = EvidenceReport['capabilities'];

/** Which calls the engine's version knows: what is missing lowers what can be proven, never what is safe. */
export function EngineCalls(props: {
  readonly capabilities: Capabilities | null;
  readonly awaited: boolean;
  readonly silent: boolean;
}) {
  const { capabilities, awaited, silent } = props;
  return (
    <>
      <h3 className={classes.section}>Calls that the engine knows</h3>
      <div className={classes.calls}>
        {capabilities === null || capabilities.length === 0 ? (
          <span className="ink2">{noneWords(capabilities, awaited, silent)}</span>
        ) : (
          <details>
            <summary>{countWords(capabilities)}</summary>
            <dl>
              {[...capabilities].sort(byNeed).map((capability) => (
                <Call key={capability.call} capability={capability} />
              ))}
            </dl>
          </details>
        )}
      </div>
    </>
  );
}

function Call({ capability }: { readonly capability: Capabilities[number] }) {
  const { call, present, documented, shape } = capability;
  return (
    <div>
      <dt className="mono">{call}</dt>
      <dd>
        <StateIcon state={present === null ? 'unknown' : present ? 'ok' : 'warn'} />
        {present === null ? 'not known' : present ? 'there' : 'not there'}
      </dd>
      <dd className="small ink2">
        {shape}
        {documented ? '' : ' (not documented by the vendor)'}
      </dd>
    </div>
  );
}

function noneWords(capabilities: Capabilities | null, awaited: boolean, silent: boolean): string {
  if (awaited) return 'Its agent is asked…';
  if (capabilities === null) return silent ? 'Not known: it does not answer.' : 'Not known: it was not told.';
  return 'Not known yet: its engine was not asked since the agent started.';
}

function countWords(capabilities: Capabilities): string {
  const count = (wanted: boolean | null) => capabilities.filter(({ present }) => present === wanted).length;
  const missing = count(false) === 0 ? '' : `, ${count(false)} not there`;
  const unknown = count(null) === 0 ? '' : `, ${count(null)} not known`;
  return `${count(true)} of ${capabilities.length} there${missing}${unknown}`;
}

/** Missing ones first, then those not known. */
function byNeed(one: Capabilities[number], other: Capabilities[number]): number {
  const rank = ({ present }: Capabilities[number]) => (present === false ? 0 : present === null ? 1 : 2);
  return rank(one) - rank(other);
}
