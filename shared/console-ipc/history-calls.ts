import * as z from 'zod/mini';
import { JournalKind, JournalRecord } from '../agent-api/journal-record.ts';

/** What of the history is meant. */
const search = {
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
  /** Every change of role within the window, and the last one before it per member. */
  roles: z.array(JournalRecord),
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
} as const;
