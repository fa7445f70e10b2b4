import { cutWords, type RehearsedCuts } from '../api/rehearsed-cuts.ts';
import type { AnswerListener, LeaseStoreLink } from './lease-store-link.ts';

/** A way to a lease store that is not reached by `Dial`, silent where a drill has taken it away. */
export function cutStoreLink(
  open: (onAnswer: AnswerListener) => LeaseStoreLink,
  onAnswer: AnswerListener,
  cuts: RehearsedCuts,
): LeaseStoreLink {
  const link = open((answer) => {
    if (!cuts.isCut('store')) onAnswer(answer);
  });
  return {
    send: (request) => !cuts.isCut('store') && link.send(request),
    trouble: () => (cuts.isCut('store') ? cutWords : link.trouble()),
    close: () => link.close(),
  };
}
