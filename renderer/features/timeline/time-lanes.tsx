import { useMemo, type KeyboardEvent } from 'react';
import type { LaneActs } from './lane-gestures.tsx';
import { RoleLanes, type RoleLanesProps } from './role-lanes.tsx';
import { TimeBar, zoomPoint, type TimeBarProps } from './time-bar.tsx';
import { panned, viewOf, zoomed } from './time-view.ts';
import classes from './timeline-page.module.css';

export interface TimeLanesProps
  extends Omit<RoleLanesProps, 'acts'>, Omit<TimeBarProps, 'window' | 'pickedMs' | 'onView'> {
  readonly onView: TimeBarProps['onView'];
}

/** Who was what over a stretch of time that is chosen by bar, mouse and keyboard. `end` and the callbacks must be stable. */
export function TimeLanes(props: TimeLanesProps) {
  const { members, window, bands, marks, pickedMs, nowMs, isBehind, onPick, onView, end } = props;
  const acts = useMemo(
    (): LaneActs => ({
      onSpan: (span) => onView(() => viewOf(span, end())),
      onZoom: (factor, atMs) => onView((view) => zoomed(view, factor, atMs, end())),
      onPan: (share) => onView((view) => panned(view, share, end())),
    }),
    [onView, end],
  );
  const { onZoom, onPan } = acts;
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => onZoom(0.5, zoomPoint(window, pickedMs)),
    '=': () => onZoom(0.5, zoomPoint(window, pickedMs)),
    '-': () => onZoom(2, zoomPoint(window, pickedMs)),
    ArrowLeft: () => onPan(-0.25),
    ArrowRight: () => onPan(0.25),
    End: () =>
      onView((view) => (view.kind === 'recent' ? view : { kind: 'recent', spanMs: view.toMs - view.fromMs })),
  };
  const pressed = (event: KeyboardEvent) => {
    const act = keys[event.key];
    // With them the browser, or a field, means something of its own.
    if (act === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  const { view, oldestMs, endWord, lateWords, onInstant } = props;
  return (
    <section className={classes.lanes} aria-label="Roles">
      <TimeBar
        {...{ view, window, end, endWord, oldestMs, pickedMs, onView, onInstant }}
        lateWords={lateWords}
      />
      <div
        className={classes.keys}
        role="group"
        tabIndex={0}
        aria-label="Lanes: plus and minus zoom, arrow keys move, End shows the newest"
        onKeyDown={pressed}
      >
        <RoleLanes {...{ members, window, bands, marks, pickedMs, nowMs, isBehind, onPick, acts }} />
      </div>
    </section>
  );
}
