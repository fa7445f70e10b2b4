import { formatMeasured, formatSpan } from '../../../shared/fleet/age.ts';
import { relaySight } from '../../../shared/fleet/relay.ts';
import { ageNow, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import { endSentence } from '../../../shared/fleet/wording.ts';
import classes from './evidence.module.css';
import { Said } from './said.tsx';

/** Which way this member reaches the lease store: its own, or the one through its peer. */
export function StoreWay({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const { snapshot, silent, name } = member;
  const store = snapshot?.store;
  if (!store) return null;
  const relay = relaySight(sight);
  const relayed = relay !== null && relay.holder === member ? relay : null;
  const answeredMs = ageNow(member, store.answeredMs);
  return (
    <>
      <h3 className={classes.section}>Lease store</h3>
      {relayed ? (
        <>
          <Said state="warn" silent={silent}>
            <p>
              Its own way to {sight.store.name} has not answered for {formatSpan(relayed.forMs)}.
            </p>
            <p className="ink2">
              <b>Next:</b> check the network between {name} and {sight.store.name}. If {relayed.through.name}{' '}
              is lost too, {name} stops its engine before its lease ends.
            </p>
          </Said>
          <Said state="ok" silent={silent} ageMs={relayed.renewedMs}>
            <p>It renews through {relayed.through.name}.</p>
          </Said>
        </>
      ) : (
        <Said state={store.reachable ? 'ok' : 'warn'} silent={silent} ageMs={answeredMs}>
          <p>
            {store.reachable
              ? `It answers directly${store.roundTripMs === null ? '' : `, in ${formatMeasured(store.roundTripMs)}`}.`
              : endSentence(`It cannot be used: ${store.why ?? 'no answer'}`)}
          </p>
        </Said>
      )}
    </>
  );
}
