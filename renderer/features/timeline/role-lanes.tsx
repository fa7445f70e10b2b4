import { CircleDot, RotateCcw, TriangleAlert } from 'lucide-react';
import { memo, useMemo, useRef } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { drawnBands, type DrawnBand } from '../../../shared/fleet/timeline/drawn-bands.ts';
import { wallMs, type RoleBand } from '../../../shared/fleet/timeline/role-bands.ts';
import { formatInstant, percentOf, ticks, type TimeWindow } from './axis.ts';
import { LaneGestures, type LaneActs } from './lane-gestures.tsx';
import classes from './role-lanes.module.css';

/** A member with a lane of its own. */
export interface LaneMember {
  readonly cluster: string;
  readonly server: string;
  readonly name: string;
}

export interface RoleLanesProps {
  /** In the order of the lanes. */
  readonly members: readonly LaneMember[];
  readonly window: TimeWindow;
  readonly bands: readonly RoleBand[];
  readonly marks: readonly JournalRecord[];
  readonly pickedMs: number | null;
  readonly nowMs: number;
  /** Bands and marks are of another stretch: those of this one are being read. */
  readonly isBehind?: boolean | undefined;
  readonly onPick: (atMs: number) => void;
  /** What a drag and the wheel do; absent: nothing. */
  readonly acts?: LaneActs;
}

/**
 * Who was what, one lane per member, on one time axis; below them what happened. A click picks an instant, a drag a
 * stretch. A long past
 * draws some hundred bands: they are not made anew for what changes elsewhere on the page.
 */
export const RoleLanes = memo(function RoleLanes(props: RoleLanesProps) {
  const { members, window, bands, marks, pickedMs, nowMs, isBehind = false, onPick, acts } = props;
  const holder = useRef<HTMLDivElement>(null);
  const axis = ticks(window);
  return (
    <div className={`${classes.lanes} ${isBehind ? classes.behind : ''}`} ref={holder} aria-busy={isBehind}>
      <div className={classes.axis} aria-hidden>
        {axis.map((tick) => (
          <span
            key={tick.atMs}
            className={tick.day ? classes.tickDay : classes.tick}
            style={{ left: `${percentOf(tick.atMs, window)}%` }}
          >
            {tick.label}
          </span>
        ))}
      </div>
      {members.map((member, index) => (
        <div className={classes.lane} key={`${member.cluster}/${member.server}`}>
          <div className={classes.name}>
            {member.cluster !== members[index - 1]?.cluster && <b>{member.cluster}</b>}
            <span>{member.name}</span>
          </div>
          <Lane
            label={`${member.cluster} on ${member.name}`}
            window={window}
            onPick={onPick}
            bands={bands.filter((band) => band.cluster === member.cluster && band.server === member.server)}
          />
        </div>
      ))}
      <div className={classes.lane}>
        <div className={classes.name}>Events</div>
        <div className={classes.marks}>
          {marks
            .filter((mark) => isWithin(wallMs(mark), window))
            .map((mark) => (
              <Mark key={`${mark.cluster} ${mark.server} ${mark.seq}`} {...{ mark, window, nowMs, onPick }} />
            ))}
        </div>
      </div>
      <div className={classes.overlay} aria-hidden>
        {axis.map((tick) => (
          <div
            key={tick.atMs}
            className={classes.grid}
            style={{ left: `${percentOf(tick.atMs, window)}%` }}
          />
        ))}
        {acts && <LaneGestures {...{ holder, window, ...acts }} />}
        {pickedMs !== null && isWithin(pickedMs, window) && (
          <Picked atMs={pickedMs} window={window} nowMs={nowMs} />
        )}
      </div>
    </div>
  );
});

function isWithin(atMs: number, { fromMs, toMs }: TimeWindow): boolean {
  return atMs >= fromMs && atMs <= toMs;
}

/** The members of a site, or of one of its clusters; the same list as long as nothing of it changes. */
export function useLaneMembers(site: SiteSight, cluster = ''): readonly LaneMember[] {
  const members = site.clusters
    .filter((sight) => cluster === '' || sight.cluster.id === cluster)
    .flatMap((sight) => sight.members)
    .map((member) => ({ cluster: member.cluster, server: member.server, name: member.name }));
  const text = JSON.stringify(members);
  return useMemo(() => JSON.parse(text) as LaneMember[], [text]);
}

function Picked({ atMs, window, nowMs }: { atMs: number; window: TimeWindow; nowMs: number }) {
  const left = percentOf(atMs, window);
  // The label stays inside the card at both ends.
  const shift = left < 5 ? '0' : left > 95 ? '-100%' : '-50%';
  return (
    <div className={classes.picked} style={{ left: `${left}%` }}>
      <span style={{ transform: `translateX(${shift})` }}>{formatInstant(atMs, nowMs)}</span>
    </div>
  );
}

function Lane(props: {
  readonly label: string;
  readonly window: TimeWindow;
  readonly bands: readonly RoleBand[];
  readonly onPick: (atMs: number) => void;
}) {
  const { label, window, bands, onPick } = props;
  const drawn = drawnBands(bands, window);
  return (
    <div
      className={`${classes.track} ${bands.length === 0 ? 'hatched' : ''}`}
      role="img"
      aria-label={`${label}: ${bands.length === 0 ? 'not known in this window' : drawn.map(drawnWords).join(', then ')}`}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const share = (event.clientX - box.left) / box.width;
        onPick(window.fromMs + share * (window.toMs - window.fromMs));
      }}
    >
      {drawn.map(({ band, count }) => {
        const left = percentOf(band.fromMs, window);
        const width = percentOf(band.toMs, window) - left;
        return (
          <div
            key={`${band.fromMs} ${band.role}`}
            className={`${classes.band} ${classes[band.role]} ${band.role === 'unknown' ? 'hatched' : ''}`}
            style={{ left: `${left}%`, width: `${width}%` }}
            title={titleOf({ band, count })}
          >
            <span>{width > 4 && bandWords(band)}</span>
          </div>
        );
      })}
    </div>
  );
}

function drawnWords({ band, count }: DrawnBand): string {
  return count === 1 ? bandWords(band) : `${count} changes`;
}

function titleOf({ band, count }: DrawnBand): string {
  if (count > 1) return `${count} changes of role, too close to be told apart at this span`;
  return band.endedBy === null ? bandWords(band) : `${bandWords(band)}; ended when ${band.endedBy}`;
}

/** `Active, epoch 4`. */
export function bandWords({ role, word, epoch }: RoleBand): string {
  switch (role) {
    case 'active':
      return `Active, epoch ${epoch}`;
    case 'passive':
      return 'Passive';
    case 'unknown':
      return 'Not known';
    case 'other':
      return word.replace('-', ' ');
  }
}

function Mark(props: {
  readonly mark: JournalRecord;
  readonly window: TimeWindow;
  readonly nowMs: number;
  readonly onPick: (atMs: number) => void;
}) {
  const { mark, window, nowMs, onPick } = props;
  const atMs = wallMs(mark);
  const Icon = mark.kind === 'alarm' ? TriangleAlert : mark.kind === 'agent' ? RotateCcw : CircleDot;
  return (
    <button
      type="button"
      className={mark.kind === 'alarm' ? classes.alarm : classes.mark}
      style={{ left: `${percentOf(atMs, window)}%` }}
      title={`${formatInstant(atMs, nowMs)} ${mark.cluster}: ${mark.sentence}`}
      aria-label={`${formatInstant(atMs, nowMs)}, ${mark.cluster}: ${mark.sentence}`}
      onClick={() => onPick(atMs)}
    >
      <Icon aria-hidden />
    </button>
  );
}
