import * as z from 'zod/mini';
import { JournalKind, JournalRecord, RoleTold } from '../agent-api/journal-record.ts';
import { ClusterUsual } from '../history/usual-time.ts';
import { ReportFile } from '../report/report-formats.ts';

/** Null: the history of the site that is shown; else a bundle that was opened. */
const source = { source: z.nullable(z.string().check(z.maxLength(80))) };

/** What of the history is meant. */
const search = {
  ...source,
  /** Wall times, ISO 8601 in UTC; null leaves that end open. */
  from: z.nullable(z.iso.datetime()),
  to: z.nullable(z.iso.datetime()),
  /** Empty: all. */
  clusters: z.array(z.string()).check(z.maxLength(100)),
  kinds: z.array(JournalKind),
  /** Words that must all be in a record's sentence, rule, step, person or operation. */
  text: z.string().check(z.maxLength(200)),
};

/** Where a record stands among all: its wall time, cluster, server, life and number in its journal. */
const RecordKey = z.tuple([z.string(), z.string(), z.string(), z.int(), z.int()]);

const TimelinePage = z.object({
  records: z.array(JournalRecord),
  /** Of the last record of the page: the next one begins behind it. Null: the page is empty. */
  end: z.nullable(RecordKey),
});

const TimelineOverview = z.object({
  /** How many records the search finds in all. */
  total: z.int(),
  /** Wall time of the oldest record of all, whatever is searched; null: there is none. */
  oldest: z.nullable(z.string()),
  /** Every change of role within the window, and the last one before it per member. */
  roles: z.array(RoleTold),
  /** Wall time of this workstation when it answered. */
  now: z.string(),
  journals: z.array(
    z.object({
      cluster: z.string(),
      server: z.string(),
      /** Newest record that is here; newest that the agent named, null while it has not been heard. */
      head: z.int(),
      wanted: z.nullable(z.int()),
      /** Records that its agent had let go of before they were read. */
      missing: z.int(),
      /** Why the last reading failed; null when it did not. */
      why: z.nullable(z.string()),
    }),
  ),
});

/** What a journal tells of something at an instant, or why it does not. */
const Fact = z.union([
  z.object({
    value: z.union([z.string(), z.number()]),
    ageMs: z.number(),
    server: z.string(),
    seq: z.int(),
    sentence: z.string(),
  }),
  z.object({ value: z.null(), why: z.string() }),
]);

const MemberThen = z.object({
  cluster: z.string(),
  server: z.string(),
  role: Fact,
  epoch: Fact,
  lease: Fact,
  engine: Fact,
  store: Fact,
  link: Fact,
  agent: Fact,
});

const many = <Item extends z.core.$ZodType>(item: Item) => z.readonly(z.array(item));

const SiteThen = z.object({
  at: z.string(),
  clusters: many(
    z.object({
      cluster: z.string(),
      verdict: z.enum(['one', 'none', 'not-known', 'several']),
      sentence: z.string(),
      members: many(MemberThen),
      running: many(z.object({ operation: z.string(), sentence: z.string() })),
      settings: many(
        z.object({
          name: z.string(),
          value: z.string(),
          by: z.nullable(z.string()),
          at: z.string(),
          sentence: z.string(),
        }),
      ),
    }),
  ),
});

const Happened = many(
  z.object({
    at: z.string(),
    cluster: z.string(),
    server: z.string(),
    sentence: z.string(),
    who: z.nullable(z.string()),
  }),
);

const SiteBetween = z.object({
  before: SiteThen,
  after: SiteThen,
  difference: z.object({
    from: z.string(),
    to: z.string(),
    facts: many(
      z.object({
        cluster: z.string(),
        server: z.string(),
        fact: z.string(),
        before: z.string(),
        after: z.string(),
      }),
    ),
    clusters: many(z.object({ cluster: z.string(), before: z.string(), after: z.string() })),
    settings: Happened,
    operations: Happened,
    alarms: Happened,
  }),
  /** Changes and alarms that were left out because there are too many. */
  leftOut: z.int(),
});

/** What following the chain of one journal has shown. */
const Chain = z.object({
  cluster: z.string(),
  server: z.string(),
  /** A journal that was begun anew has a further one. */
  life: z.int(),
  verdict: z.enum(['unbroken', 'broken', 'nothing']),
  records: z.int(),
  first: z.nullable(z.int()),
  last: z.nullable(z.int()),
  breaks: many(z.object({ at: z.int(), sentence: z.string() })),
  breakCount: z.int(),
  unchecked: z.int(),
  gaps: many(z.string()),
});

/** A support bundle that was opened: what it is of, what it lacks, and whether its journals fit their chains. */
const BundleView = z.object({
  id: z.string(),
  fileName: z.string(),
  site: z.nullable(z.string()),
  madeAt: z.string(),
  productVersion: z.string(),
  /** Wall times of its oldest and newest record; null: it holds no journal. */
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
  records: z.int(),
  members: many(z.object({ cluster: z.string(), server: z.string() })),
  chains: many(Chain),
  /** What is not whole or not in it, as sentences. */
  lacks: many(z.string()),
});
export type BundleView = z.infer<typeof BundleView>;

/** What the page asks of this workstation's history of the site that is shown. */
export const historyCalls = {
  /** What all members wrote down, newest first, page by page. */
  readTimeline: {
    request: z.strictObject({
      ...search,
      limit: z.int().check(z.minimum(1), z.maximum(500)),
      /** Only what stands behind this record; null: from the newest on. */
      before: z.nullable(RecordKey),
      /** How many of those are passed over: for a place in the list that nobody has read up to. */
      skip: z.int().check(z.minimum(0)),
    }),
    response: TimelinePage,
  },
  /** How much a search finds, who was what meanwhile, and how far each journal has been read. */
  readTimelineOverview: { request: z.strictObject(search), response: TimelineOverview },
  /** The site at an instant, as the journals tell it. */
  readInstant: { request: z.strictObject({ ...source, at: z.iso.datetime() }), response: SiteThen },
  /** What changed between two instants; which of them is earlier does not matter. */
  readDifference: {
    request: z.strictObject({ ...source, one: z.iso.datetime(), other: z.iso.datetime() }),
    response: SiteBetween,
  },
  /** How long the changes of a cluster usually take; `except`: an operation that is not counted. */
  readUsualTimes: {
    request: z.strictObject({
      cluster: z.string().check(z.maxLength(100)),
      except: z.nullable(z.string().check(z.maxLength(200))),
    }),
    response: ClusterUsual,
  },
  /** Opens a support bundle of this workstation; no server is asked for anything. */
  openBundle: {
    request: z.strictObject({ path: z.string().check(z.minLength(1), z.maxLength(4_096)) }),
    response: BundleView,
  },
  /** The same of a file that a person chose in the page, part by part; the bundle comes with the last one. */
  sendBundle: {
    request: z.strictObject({
      /** One for each file that was chosen. */
      upload: z.string().check(z.maxLength(80)),
      name: z.string().check(z.minLength(1), z.maxLength(255)),
      part: z.int().check(z.minimum(0), z.maximum(1_000)),
      base64: z.string().check(z.maxLength(2_000_000)),
      last: z.boolean(),
    }),
    response: z.object({ bundle: z.nullable(BundleView) }),
  },
  /** The records of a time with the chain of each journal, as a file for the person. */
  exportHistory: {
    request: z.strictObject({
      ...source,
      from: z.nullable(z.iso.datetime()),
      to: z.nullable(z.iso.datetime()),
      clusters: search.clusters,
      format: z.enum(['json', 'csv']),
    }),
    response: ReportFile,
  },
} as const;
