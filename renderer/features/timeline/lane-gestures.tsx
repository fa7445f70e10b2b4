import { useEffect, useRef, useState, type RefObject } from 'react';
import type { TimeWindow } from './axis.ts';
import classes from './role-lanes.module.css';

export interface LaneActs {
  /** A stretch was chosen. */
  readonly onSpan: (span: TimeWindow) => void;
  /** `factor` below 1 shows less; around this instant. */
  readonly onZoom: (factor: number, atMs: number) => void;
  /** By this share of what is shown, to the right with a positive one. */
  readonly onPan: (share: number) => void;
}

export interface LaneGesturesProps extends LaneActs {
  /** What is dragged and wheeled over. */
  readonly holder: RefObject<HTMLElement | null>;
  readonly window: TimeWindow;
}

/** Below so many pixels a drag is a click. */
const shortestDrag = 6;
const zoomOfWheel = 0.0025;

/**
 * A drag over the lanes chooses a stretch, the wheel with Ctrl zooms where it points, with Shift it moves. Draws the
 * stretch while it is dragged, and nothing else anew.
 */
export function LaneGestures({ holder, window, onSpan, onZoom, onPan }: LaneGesturesProps) {
  const area = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<readonly [from: number, to: number] | null>(null);
  const latest = useRef<Pick<LaneGesturesProps, 'window'> & LaneActs>(undefined);
  useEffect(() => {
    // What is shown moves on while a hand drags.
    latest.current = { window, onSpan, onZoom, onPan };
  });
  useEffect(() => {
    const element = holder.current;
    const box = () => area.current!.getBoundingClientRect();
    const instantAt = (share: number) => {
      const { fromMs, toMs } = latest.current!.window;
      return fromMs + share * (toMs - fromMs);
    };
    return element === null
      ? undefined
      : listen(element, {
          shareAt: (clientX) => {
            const { left, width } = box();
            return Math.min(1, Math.max(0, (clientX - left) / width));
          },
          width: () => box().width,
          onDragged: setDragged,
          onSpan: ([from, to]) => latest.current!.onSpan({ fromMs: instantAt(from), toMs: instantAt(to) }),
          onZoom: (factor, share) => latest.current!.onZoom(factor, instantAt(share)),
          onPan: (share) => latest.current!.onPan(share),
        });
  }, [holder]);
  return (
    <div className={classes.area} ref={area}>
      {dragged !== null && (
        <div
          className={classes.dragged}
          style={{ left: `${dragged[0] * 100}%`, width: `${(dragged[1] - dragged[0]) * 100}%` }}
        />
      )}
    </div>
  );
}

/** The same in shares of what is shown, 0 at its left. */
interface Shares {
  readonly shareAt: (clientX: number) => number;
  readonly width: () => number;
  readonly onDragged: (span: readonly [number, number] | null) => void;
  readonly onSpan: (span: readonly [number, number]) => void;
  readonly onZoom: (factor: number, share: number) => void;
  readonly onPan: (share: number) => void;
}

/** Listens to pointer and wheel; returns how to end that. */
function listen(element: HTMLElement, shares: Shares): () => void {
  const ends = [listenToWheel(element, shares), listenToDrags(element, shares)];
  return () => ends.forEach((end) => end());
}

function listenToWheel(element: HTMLElement, { shareAt, width, onZoom, onPan }: Shares): () => void {
  // The page would be zoomed or scrolled as well, unless it is prevented: such a listener is none of React's.
  const wheeled = (event: WheelEvent) => {
    const sideways = event.deltaX !== 0 && Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!event.ctrlKey && !event.shiftKey && !sideways) return;
    event.preventDefault();
    if (event.ctrlKey) onZoom(Math.exp(event.deltaY * zoomOfWheel), shareAt(event.clientX));
    else onPan((sideways ? event.deltaX : event.deltaY) / Math.max(1, width()));
  };
  element.addEventListener('wheel', wheeled, { passive: false });
  return () => element.removeEventListener('wheel', wheeled);
}

function listenToDrags(element: HTMLElement, { shareAt, onDragged, onSpan }: Shares): () => void {
  let beganAt: number | null = null;
  let isDrag = false;
  const spanTo = (clientX: number): readonly [number, number] => {
    const [one, other] = [shareAt(beganAt!), shareAt(clientX)];
    return one < other ? [one, other] : [other, one];
  };
  const pressed = (event: PointerEvent) => {
    const isMark = event.target instanceof Element && event.target.closest('button') !== null;
    isDrag = false;
    beganAt = event.button === 0 && !isMark ? event.clientX : null;
  };
  const moved = (event: PointerEvent) => {
    if (beganAt === null) return;
    if (!isDrag && Math.abs(event.clientX - beganAt) < shortestDrag) return;
    isDrag = true;
    onDragged(spanTo(event.clientX));
  };
  const end = () => {
    beganAt = null;
    onDragged(null);
  };
  const released = (event: PointerEvent) => {
    if (beganAt !== null && isDrag) {
      const span = spanTo(event.clientX);
      if (span[1] > span[0]) onSpan(span);
    }
    end();
  };
  // The click that ends a drag picks no instant.
  const clicked = (event: MouseEvent) => {
    if (isDrag) event.stopPropagation();
    isDrag = false;
  };
  const escaped = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || beganAt === null) return;
    event.stopPropagation();
    end();
  };
  const { ownerDocument: page } = element;
  element.addEventListener('pointerdown', pressed);
  page.addEventListener('pointermove', moved);
  page.addEventListener('pointerup', released);
  page.addEventListener('pointercancel', end);
  page.addEventListener('keydown', escaped, true);
  element.addEventListener('click', clicked, true);
  return () => {
    element.removeEventListener('pointerdown', pressed);
    page.removeEventListener('pointermove', moved);
    page.removeEventListener('pointerup', released);
    page.removeEventListener('pointercancel', end);
    page.removeEventListener('keydown', escaped, true);
    element.removeEventListener('click', clicked, true);
  };
}
