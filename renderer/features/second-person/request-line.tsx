import { UserRoundCheck } from 'lucide-react';
import { requestWaiting } from '../../../shared/fleet/second-person.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { leftNow, type ClusterSight } from '../../../shared/fleet/sight.ts';
import { capital } from '../../../shared/fleet/wording.ts';
import { routeHash } from '../../app/route.ts';
import { Notice } from '../../components/notice.tsx';

/** What waits, in one sentence; null: nothing does. */
export function waitingSentence(sight: ClusterSight): string | null {
  const waiting = requestWaiting(sight);
  if (waiting === null) return null;
  const { member, request } = waiting;
  const left = formatSpan(leftNow(member, request.leftMs) ?? 0);
  return `${capital(request.what)} waits for a second person: asked for by ${request.by}, ends in ${left}.`;
}

/** Found from the cluster: a change that waits for a second person. */
export function RequestLine({
  sight,
  className,
}: {
  readonly sight: ClusterSight;
  readonly className: string;
}) {
  const sentence = waitingSentence(sight);
  if (sentence === null) return null;
  return (
    <div className={className}>
      <UserRoundCheck aria-hidden />
      <span>{sentence}</span>
      <a href={routeHash({ page: 'second-person', cluster: sight.cluster.id })}>Look and decide</a>
    </div>
  );
}

/** The same as a notice of its own, on the page of a work that goes on once a second person has agreed. */
export function RequestNotice({ sight }: { readonly sight: ClusterSight }) {
  const sentence = waitingSentence(sight);
  if (sentence === null) return null;
  return (
    <Notice kind="warn" title={sentence}>
      <a href={routeHash({ page: 'second-person', cluster: sight.cluster.id })}>Look and decide</a>. What
      waits goes on by itself when somebody else has agreed, and ends where nobody does.
    </Notice>
  );
}
