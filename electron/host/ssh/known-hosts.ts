import { createHmac, timingSafeEqual } from 'node:crypto';
import { describeHostKey, type PinnedHostKey } from './host-key.ts';

const longestLine = 64 * 1024;
const mostEntries = 100_000;
const standardPort = 22;

/** One usable line of an OpenSSH known_hosts file. */
interface KnownHost {
  readonly line: number;
  readonly hosts:
    | { readonly kind: 'patterns'; readonly patterns: readonly string[] }
    | { readonly kind: 'hashed'; readonly salt: Buffer; readonly hash: Buffer };
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  readonly key: Required<PinnedHostKey>;
}

export interface MalformedLine {
  readonly line: number;
  readonly why: string;
}

export interface KnownHosts {
  readonly entries: readonly KnownHost[];
  readonly malformed: readonly MalformedLine[];
}

/** What a known_hosts file says about one server. */
export interface KnownKeys {
  readonly keys: readonly Required<PinnedHostKey>[];
  /** Fingerprints that must never be accepted. */
  readonly revoked: readonly string[];
  /** Lines with `@cert-authority` that fit: certificates of hosts are not used, so they prove nothing here. */
  readonly authorityLines: readonly number[];
}

/**
 * Reads an OpenSSH known_hosts file: plain and hashed names, ports, patterns, markers. A line that is
 * not understood is told with its number and gives no key. Pure; never throws.
 * Format: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
 */
export function parseKnownHosts(text: string): KnownHosts {
  const entries: KnownHost[] = [];
  const malformed: MalformedLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const words = raw.length > longestLine ? [] : raw.trim().split(/[ \t]+/);
    if (raw.length <= longestLine && (words[0] === '' || words[0]!.startsWith('#'))) continue;
    const read: Read =
      words.length === 0
        ? 'the line is too long'
        : entries.length >= mostEntries
          ? `only ${mostEntries} entries are read`
          : readEntry(words);
    if (typeof read === 'string') malformed.push({ line, why: read });
    else entries.push({ line, ...read });
  }
  return { entries, malformed };
}

/** Every key, revocation and authority that a file has for a server, by any of the names given. Pure. */
export function knownKeys(known: KnownHosts, names: readonly string[], port: number): KnownKeys {
  const sought = names.map((name) => {
    const lower = name.toLowerCase();
    return port === standardPort ? lower : `[${lower}]:${port}`;
  });
  const fitting = known.entries.filter((entry) => sought.some((name) => matches(entry.hosts, name)));
  const plain = fitting.filter((entry) => entry.marker === 'none').map((entry) => entry.key);
  return {
    keys: plain.filter(
      (key, index) => plain.findIndex((other) => other.fingerprint === key.fingerprint) === index,
    ),
    revoked: [
      ...new Set(fitting.filter((entry) => entry.marker === 'revoked').map((entry) => entry.key.fingerprint)),
    ],
    authorityLines: fitting.filter((entry) => entry.marker === 'cert-authority').map((entry) => entry.line),
  };
}

type Read = Omit<KnownHost, 'line'> | string;

function readEntry(words: readonly string[]): Read {
  const marked = words[0]!.startsWith('@');
  const [names, keyType, encoded] = marked ? words.slice(1) : words;
  const marker = marked ? markers.get(words[0]!) : 'none';
  if (marker === undefined) return `the marker ${words[0]!.slice(0, 40)} is not known`;
  if (names === undefined || keyType === undefined || encoded === undefined)
    return 'names, key type and key are needed';
  if (/^\d+$/.test(keyType)) return 'a key of SSH protocol 1';
  const key = readKey(keyType, encoded);
  if (typeof key === 'string') return key;
  const hosts = readHosts(names);
  return typeof hosts === 'string' ? hosts : { hosts, marker, key };
}

const markers = new Map([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert-authority'],
] as const) as ReadonlyMap<string, 'revoked' | 'cert-authority'>;

function readKey(keyType: string, encoded: string): Required<PinnedHostKey> | string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return 'the key is not base64';
  const blob = Buffer.from(encoded, 'base64');
  const described = describeHostKey(blob);
  if (blob.length < 4 + keyType.length + 4 || described.keyType !== keyType)
    return 'the key is not of the type that the line names';
  return described;
}

function readHosts(names: string): KnownHost['hosts'] | string {
  if (!names.startsWith('|')) {
    const patterns = names.toLowerCase().split(',').filter(Boolean);
    return patterns.length === 0 ? 'no host is named' : { kind: 'patterns', patterns };
  }
  const [empty, version, salt, hash, ...rest] = names.split('|');
  const decoded = { salt: Buffer.from(salt ?? '', 'base64'), hash: Buffer.from(hash ?? '', 'base64') };
  const whole = empty === '' && version === '1' && rest.length === 0;
  if (!whole || decoded.salt.length === 0 || decoded.hash.length !== 20) return 'the hashed name is damaged';
  return { kind: 'hashed', ...decoded };
}

function matches(hosts: KnownHost['hosts'], name: string): boolean {
  if (hosts.kind === 'hashed') {
    return timingSafeEqual(createHmac('sha1', hosts.salt).update(name).digest(), hosts.hash);
  }
  // One negated pattern that fits takes the whole line away, wherever it stands in the list.
  const fits = (pattern: string) => matchesPattern(pattern, name);
  if (hosts.patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return false;
  return hosts.patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern));
}

/** `*` fits any run of characters, `?` one. Goes back to the last star only: no pattern takes long. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  let i = 0;
  while (i < name.length) {
    if (pattern[at] === '*') {
      star = at++;
      resumeAt = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resumeAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
