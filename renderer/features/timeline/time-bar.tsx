import { SegmentedControl, TextInput } from '@mantine/core';
import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { InkButton } from '../../components/ink-button.tsx';
import { zoneId } from '../../components/wall-time.ts';
import { formatInstant, type TimeWindow } from './axis.ts';
import { instantExample, readInstantText, readSpanText } from './instant-text.ts';
import classes from './time-bar.module.css';
import { panned, viewOf, zoomed, type TimeView } from './time-view.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How far back the timeline looks, in milliseconds. */
const spans = {
  '15 min': 15 * minute,
  '1 h': 60 * minute,
  '24 h': day,
  Week: 7 * day,
  '90 days': 90 * day,
} as const;
const everything = 'All';

export interface TimeBarProps {
  readonly view: TimeView;
  readonly window: TimeWindow;
  /** Wall milliseconds: now, or where the records end. */
  readonly end: () => number;
  /** How the end is called: `now`. */
  readonly endWord: string;
  /** Why nothing behind the end can be shown, as the end of a sentence; absent: it has not come yet. */
  readonly lateWords?: string | undefined;
  /** Of the oldest record that is here; null: there is none, or it is not known yet. */
  readonly oldestMs: number | null;
  readonly pickedMs: number | null;
  readonly onView: (change: (view: TimeView) => TimeView) => void;
  readonly onInstant: (atMs: number) => void;
}

/** What stretch of time is shown, and everything that changes it without a mouse. */
export function TimeBar(props: TimeBarProps) {
  const { view, window, end, endWord, oldestMs, pickedMs, onView, onInstant } = props;
  const [wrong, setWrong] = useState<string | null>(null);
  const middleMs = zoomPoint(window, pickedMs);
  return (
    <div className={classes.bar} role="group" aria-label="Time">
      <Spans {...{ view, end, oldestMs, onView }} />
      <div className={classes.moves}>
        <Move name="Earlier" icon={<ChevronLeft />} onGo={() => onView((now) => panned(now, -0.5, end()))} />
        <Move name="Later" icon={<ChevronRight />} onGo={() => onView((now) => panned(now, 0.5, end()))} />
        <Move
          name="Zoom out"
          icon={<ZoomOut />}
          onGo={() => onView((now) => zoomed(now, 2, middleMs, end()))}
        />
        <Move
          name="Zoom in"
          icon={<ZoomIn />}
          onGo={() => onView((now) => zoomed(now, 0.5, middleMs, end()))}
        />
        <InkButton
          idle={view.kind === 'recent'}
          onClick={() => onView(() => ({ kind: 'recent', spanMs: window.toMs - window.fromMs }))}
        >
          To {endWord}
        </InkButton>
      </div>
      <span className={classes.shown}>
        {formatInstant(window.fromMs, 0)} – {view.kind === 'recent' ? endWord : formatInstant(window.toMs, 0)}
        <span className="ink3"> {zoneId()}</span>
      </span>
      <SpanForm
        onWrong={setWrong}
        read={(from, to) => readSpanText(from, to, end(), props.lateWords)}
        onSpan={(span) => onView(() => viewOf(span, end()))}
      />
      <InstantForm
        onWrong={setWrong}
        read={(text) => readInstantText(text, end(), props.lateWords)}
        onInstant={onInstant}
      />
      {wrong !== null && (
        <p className={classes.wrong} role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

/** Zooming keeps the picked instant where it is, else the middle. */
export function zoomPoint({ fromMs, toMs }: TimeWindow, pickedMs: number | null): number {
  const isIn = pickedMs !== null && pickedMs >= fromMs && pickedMs <= toMs;
  return isIn ? pickedMs : (fromMs + toMs) / 2;
}

function Spans({ view, end, oldestMs, onView }: Pick<TimeBarProps, 'view' | 'end' | 'oldestMs' | 'onView'>) {
  const [all, setAll] = useState(false);
  const named = Object.entries(spans).find(([, ms]) => view.kind === 'recent' && view.spanMs === ms)?.[0];
  const data = [...Object.keys(spans), ...(oldestMs === null ? [] : [everything])];
  return (
    <SegmentedControl
      size="xs"
      aria-label="How far back"
      data={data}
      value={named ?? (all && view.kind === 'recent' && oldestMs !== null ? everything : '')}
      onChange={(span) => {
        setAll(span === everything);
        const ms = spans[span as keyof typeof spans] as number | undefined;
        // The oldest record stands a little inside.
        const spanMs = ms ?? (end() - (oldestMs ?? end())) * 1.02 + minute;
        onView(() => ({ kind: 'recent', spanMs }));
      }}
    />
  );
}

function Move(props: { readonly name: string; readonly icon: ReactNode; readonly onGo: () => void }) {
  const { name, icon, onGo } = props;
  return (
    <InkButton className={classes.icon ?? ''} aria-label={name} title={name} onClick={onGo}>
      {icon}
    </InkButton>
  );
}

type Said<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: string };

function SpanForm(props: {
  readonly read: (from: string, to: string) => Said<TimeWindow>;
  readonly onSpan: (span: TimeWindow) => void;
  readonly onWrong: (sentence: string | null) => void;
}) {
  const { read, onSpan, onWrong } = props;
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const span = read(from, to);
        onWrong(span.ok ? null : span.error);
        if (span.ok) onSpan(span.value);
      }}
    >
      <Field label="From" value={from} onValue={setFrom} />
      <Field label="To" value={to} onValue={setTo} />
      <InkButton type="submit">Show</InkButton>
    </form>
  );
}

function InstantForm(props: {
  readonly read: (text: string) => Said<number>;
  readonly onInstant: (atMs: number) => void;
  readonly onWrong: (sentence: string | null) => void;
}) {
  const { read, onInstant, onWrong } = props;
  const [text, setText] = useState('');
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const instant = read(text);
        onWrong(instant.ok ? null : instant.error);
        if (instant.ok) onInstant(instant.value);
      }}
    >
      <Field label="Instant" value={text} onValue={setText} />
      <InkButton type="submit">Go</InkButton>
    </form>
  );
}

function Field(props: {
  readonly label: string;
  readonly value: string;
  readonly onValue: (text: string) => void;
}) {
  const { label, value, onValue } = props;
  return (
    <TextInput
      size="xs"
      className={classes.field ?? ''}
      aria-label={label}
      leftSection={<span className={classes.label}>{label}</span>}
      leftSectionWidth={`${label.length * 0.42 + 1}rem`}
      placeholder={instantExample}
      title={`${instantExample}, 04:31 for today, or 2h for two hours ago; in ${zoneId()}`}
      maxLength={40}
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}
