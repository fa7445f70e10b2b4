/**
 * What is said to etcd's JSON gateway and what it answers (v3, etcd 3.4 and later). Pure: everything that comes from
 * outside is parsed here, and nothing that has another form is used.
 */
import * as z from 'zod/mini';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { parseJson } from '../../shared/parse-json.ts';

/** Larger answers are not read to their end: a record and a beat are below 10 kB. */
export const largestAnswer = 64 * 1024;

export interface EtcdKey {
  readonly key: string;
  readonly value: string;
  readonly modRevision: number;
}

/** One transaction's answer, with every key that it has read. */
export interface EtcdAnswer {
  readonly clusterId: string;
  readonly revision: number;
  readonly succeeded: boolean;
  readonly keys: readonly EtcdKey[];
}

export interface EtcdTxn {
  /** Key and the revision of its last change; 0: it must not exist. */
  readonly unchanged: readonly { readonly key: string; readonly revision: number }[];
  /** Keys that must exist, whatever their value. */
  readonly present?: readonly string[];
  /** Written when all of that is so. */
  readonly puts: readonly { readonly key: string; readonly value: string }[];
  /** Read in any case, after the writing. */
  readonly reads: readonly string[];
}

/** The body of a `/v3/kv/txn`. Reads inside it are linearizable, as every transaction is. */
export function txnBody({ unchanged, present = [], puts, reads }: EtcdTxn): string {
  const ranges = reads.map((key) => ({ request_range: { key: base64(key) } }));
  return JSON.stringify({
    compare: [
      ...unchanged.map(({ key, revision }) => ({
        key: base64(key),
        target: 'MOD',
        result: 'EQUAL',
        mod_revision: String(revision),
      })),
      ...present.map((key) => ({ key: base64(key), target: 'MOD', result: 'GREATER', mod_revision: '0' })),
    ],
    success: [
      ...puts.map(({ key, value }) => ({ request_put: { key: base64(key), value: base64(value) } })),
      ...ranges,
    ],
    failure: ranges,
  });
}

/** 64-bit numbers are strings in the gateway's JSON. */
const digits = z.string().check(z.regex(/^\d{1,20}$/));
const Header = z.object({ cluster_id: digits, revision: digits });
const Key = z.object({
  key: z.string(),
  mod_revision: digits,
  value: z.optional(z.string()),
});
const TxnAnswer = z.object({
  header: Header,
  // Fields of their zero value are left out.
  succeeded: z.optional(z.boolean()),
  responses: z.optional(
    z
      .array(z.object({ response_range: z.optional(z.object({ kvs: z.optional(z.array(Key)) })) }))
      .check(z.maxLength(16)),
  ),
});

export function parseTxnAnswer(text: string): Result<EtcdAnswer, string> {
  const parsed = TxnAnswer.safeParse(parseJson(text));
  if (!parsed.success) return fail('its answer has another form than expected');
  const { header, succeeded = false, responses = [] } = parsed.data;
  const kvs = responses.flatMap(({ response_range }) => response_range?.kvs ?? []);
  const revision = Number(header.revision);
  const keys = kvs.map(({ key, value = '', mod_revision }) => ({
    key: text64(key),
    value: text64(value),
    modRevision: Number(mod_revision),
  }));
  const counted = [revision, ...keys.map(({ modRevision }) => modRevision)].every(Number.isSafeInteger);
  if (!counted) return fail('it counts revisions beyond what can be compared');
  return succeed({ clusterId: header.cluster_id, revision, succeeded, keys });
}

const VersionAnswer = z.object({ etcdserver: z.string().check(z.regex(/^\d+\.\d+\.[0-9A-Za-z.+-]{1,40}$/)) });

/** The version that `/version` tells. */
export function parseVersion(text: string): string | null {
  const parsed = VersionAnswer.safeParse(parseJson(text));
  return parsed.success ? parsed.data.etcdserver : null;
}

const TokenAnswer = z.object({ token: z.string().check(z.minLength(1), z.maxLength(4096)) });

/** The token of `/v3/auth/authenticate`. */
export function parseToken(text: string): string | null {
  const parsed = TokenAnswer.safeParse(parseJson(text));
  return parsed.success ? parsed.data.token : null;
}

export type EtcdRefusal =
  /** It wants a (new) token. */
  | { readonly kind: 'log-in'; readonly why: string }
  /** It has no users: a token is not needed. */
  | { readonly kind: 'no-users'; readonly why: string }
  | { readonly kind: 'other'; readonly why: string };

const ErrorAnswer = z.object({ error: z.optional(z.string()), message: z.optional(z.string()) });

/** What an answer with another status than 200 means, in words for people. */
export function readRefusal(status: number, text: string): EtcdRefusal {
  const parsed = ErrorAnswer.safeParse(parseJson(text));
  const said = parsed.success ? (parsed.data.message ?? parsed.data.error ?? '') : '';
  if (/invalid auth token|user name is empty|revision of auth store is old|revision in header/i.test(said))
    return { kind: 'log-in', why: 'etcd asks for a user and password, and none is configured here' };
  if (/authentication is not enabled/i.test(said)) return { kind: 'no-users', why: 'etcd has no users' };
  return { kind: 'other', why: otherWords(status, said) };
}

function otherWords(status: number, said: string): string {
  if (/database space exceeded/i.test(said))
    return 'etcd takes no writes: its database is full (alarm NOSPACE); compact and defragment it, then disarm the alarm';
  if (/corrupt/i.test(said)) return 'etcd takes no requests: its data is corrupt (alarm CORRUPT)';
  if (/permission denied/i.test(said))
    return 'etcd does not let this member read and write below the prefix (its user, role or certificate)';
  if (/authentication failed/i.test(said)) return 'etcd refuses the user or its password';
  if (/no leader|leader changed/i.test(said)) return 'etcd has no leader';
  if (/request timed out|too many requests/i.test(said)) return 'etcd has not carried it out in time';
  if (/peer|client.*common ?name|CN/.test(said) && /gateway/i.test(said))
    return 'etcd refuses the certificate';
  const words = said.replace(/[^\x20-\x7e]/g, ' ').slice(0, 120);
  return words === '' ? `etcd answers with status ${status}` : `etcd answers with status ${status}: ${words}`;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function text64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
