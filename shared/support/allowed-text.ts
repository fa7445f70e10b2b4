/**
 * What of a text may leave a server in a support bundle. Nothing is searched for and struck out: a word passes only
 * when the product itself uses it, or when it is a name of the site, so that a password, a key or what a message
 * says of a patient stays behind whatever it looks like.
 */
export interface AllowedWords {
  /** Words of the product's own sentences, in lower case. */
  readonly words: ReadonlySet<string>;
  /** Names of the site: servers, clusters, units, addresses, folders. */
  readonly names: ReadonlySet<string>;
}

/** Stands where something was left out. */
export const leftOutMark = '[left out]';

const wallTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/;
/** Short enough for ports, seconds and epochs, too short for the number of a patient or a telephone. */
const number = /^[+-]?\d{1,5}(?:\.\d{1,3})?(?:ms|s|min|h|d|kB|KB|MB|GB|%)?$/;
const dotted = /^\d{1,3}(?:\.\d{1,3}){2,3}(?::\d{1,5})?$/;
const clockTime = /^\d{1,2}:\d{2}(?::\d{2})?$/;
// Quotation marks, dashes and dots of typography, escaped: the agent's program is ASCII.
const around = /^([("'\u201c\u201e\u2018[{<]*)(.*?)([)"'\u201d\u2019\]}>.,;:!?\u2026]*)$/su;

/**
 * The programs whose words are the product's own: services and commands. What delivers notifications is mostly a mail
 * library, and is none of them.
 */
export const wordedPrograms: readonly string[] = ['ixha.cjs', 'ixha-commands.cjs'];

/** Every word that occurs in the text of a program: that of its sentences among them. Pure. */
export function wordsOf(programText: string): Set<string> {
  return new Set((programText.match(/[A-Za-z]+/g) ?? []).map((word) => word.toLowerCase()));
}

/** The same text without every word that is not allowed; neighbours of one another become one mark. Pure. */
export function allowText(text: string, allowed: AllowedWords): string {
  const parts = text.split(/(\s+)/);
  const isGap = (part: string) => part === '' || /^\s+$/.test(part);
  const kept = parts.map((part) => (isGap(part) || isAllowed(part, allowed) ? part : leftOutMark));
  return kept.join('').replaceAll(/\[left out\](?:\s+\[left out\])+/g, leftOutMark);
}

/** How many places of a text were left out. Pure. */
export function countLeftOut(text: string): number {
  return text.split(leftOutMark).length - 1;
}

function isAllowed(part: string, allowed: AllowedWords): boolean {
  if (allowed.names.has(part)) return true;
  const core = around.exec(part)?.[2] ?? part;
  if (core === '' || allowed.names.has(core)) return true;
  if ([wallTime, number, dotted, clockTime].some((shape) => shape.test(core))) return true;
  return isCompound(core, allowed);
}

/** `ixha-agent@WK1.service`, `lease.refused`, `code=exited`: allowed when each of its words is. */
function isCompound(core: string, { words, names }: AllowedWords): boolean {
  const pieces = core.split(/[-\u2013./:=@_,()'\u2019\u00b7*+|&]+/u).filter((piece) => piece !== '');
  const isWord = (piece: string) => /^[A-Za-z]+$/.test(piece) && words.has(piece.toLowerCase());
  const isShort = (piece: string) => /^\d{1,2}$/.test(piece);
  const known = (piece: string) => names.has(piece) || isWord(piece) || isShort(piece);
  // Digits alone in groups are a date of birth or a number of an insurance as well as anything of ours.
  return pieces.every(known) && !pieces.every(isShort);
}

/** Fields of the product that hold an identifier which it has made itself, and never a text. */
const identifier = /^[0-9a-f]{8,64}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const identifierFields = new Set(['previous', 'lineHash', 'startId', 'storeId', 'operation', 'id']);

/**
 * A value of known form with every text in it allowed word by word; numbers and yes or no stay. Fields that hold an
 * identifier keep it as long as it looks like one. Pure.
 */
export function allowValue(value: unknown, allowed: AllowedWords, field = ''): unknown {
  if (typeof value === 'string') {
    const isIdentifier = identifierFields.has(field) && identifier.test(value);
    return isIdentifier ? value : allowText(value, allowed);
  }
  if (Array.isArray(value)) return value.map((item) => allowValue(item, allowed, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [allowText(key, allowed), allowValue(inner, allowed, key)]),
  );
}
