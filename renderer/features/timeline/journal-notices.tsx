import type { TimelineOverview } from './use-timeline.ts';
import { Notice } from '../../components/notice.tsx';

/** What the timeline does not have, and why: a journal that was not read, or not read whole. */
export function JournalNotices(props: {
  readonly journals: TimelineOverview['journals'];
  readonly nameOf: (server: string) => string;
}) {
  return props.journals.flatMap(({ cluster, server, head, wanted, missing, why }) => {
    const where = `${cluster} on ${props.nameOf(server)}`;
    const key = `${cluster}/${server}`;
    const notices = [];
    if (why !== null) {
      notices.push(
        <Notice kind="warn" key={`${key} why`} title={`The journal of ${where} could not be read`}>
          {why} What it wrote since record {head} is missing here; it is not lost.
        </Notice>,
      );
    } else if (wanted !== null && wanted - head > behindTold) {
      notices.push(
        <Notice kind="waiting" key={`${key} behind`} title={`The journal of ${where} is being read`}>
          {head.toLocaleString('en')} of {wanted.toLocaleString('en')} records are here.
        </Notice>,
      );
    }
    if (missing > 0) {
      notices.push(
        <Notice kind="warn" key={`${key} missing`} title={`${missing} records of ${where} are not here`}>
          The agent had let go of them before this workstation read them. They may be in its journal files.
        </Notice>,
      );
    }
    return notices;
  });
}

/** Fewer records than this arrive before a person could read about it. */
const behindTold = 500;
