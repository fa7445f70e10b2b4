import { reportStyle } from './report-style.ts';

export interface ReportPage {
  readonly title: string;
  readonly paper: 'A4' | 'Letter';
  readonly sha256: string;
  /** HTML of everything between the beginning of the page and the hash. */
  readonly parts: readonly string[];
}

/**
 * A report as one file that needs nothing else: no script, no address, no font from elsewhere. What people have written
 * stands in `bdi`, so that a name in another direction does not turn the line around.
 */
export function reportPage({ title, paper, sha256, parts }: ReportPage): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${text(title)}</title>`,
    `<style>${reportStyle(paper, sha256)}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...parts,
    signatures,
    `<footer>sha256 <code>${text(sha256)}</code> of the canonical JSON of this report without its hash</footer>`,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Text as it stands between tags or in quotes. */
export function text(value: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

export const said = (value: string) => `<bdi>${text(value)}</bdi>`;

/** Whose report it is, its verdict as a sentence, and what that rests on. */
export function reportHead(head: {
  readonly site: string;
  readonly isDemo?: boolean;
  readonly about: string;
  readonly sentence: string;
  readonly lead: string;
}): string {
  const demo = head.isDemo === true ? ' (demo site)' : '';
  return `<header><p class="running"><b>${said(head.site)}${demo}</b><span>${text(head.about)}</span></p>
<h1>${said(head.sentence)}</h1>
<p class="lead">${said(head.lead)}</p></header>`;
}

/** Time and zone, people, versions: names with their values. */
export function reportFacts(entries: readonly (readonly [string, string])[]): string {
  const cells = entries.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${said(value)}</dd></div>`);
  return `<dl class="meta">${cells.join('')}</dl>`;
}

/** A part of the report under its heading; the note stands at the right of it. */
export function reportSection(title: string, note: string, content: string): string {
  return `<section><h2>${text(title)}<small>${text(note)}</small></h2>${content}</section>`;
}

export interface ReportTable {
  /** Its class, by which the style knows how wide its columns are. */
  readonly kind: 'clusters' | 'checks' | 'drill' | 'proofs' | 'ledger' | 'signed';
  readonly heads: readonly string[];
  /** HTML of whole rows. */
  readonly rows: readonly string[];
  /** The columns explain themselves: their names are for screen readers only. */
  readonly hasQuietHeads?: boolean;
}

export function reportTable({ kind, heads, rows, hasQuietHeads = false }: ReportTable): string {
  const names = heads.map((head) => `<th scope="col">${text(head)}</th>`).join('');
  const columns = heads.map(() => '<col>').join('');
  const quiet = hasQuietHeads ? ' class="hidden"' : '';
  return `<table class="${kind}"><colgroup>${columns}</colgroup><thead${quiet}><tr>${names}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

export type ReportMark = 'ok' | 'fits' | 'warning' | 'failed' | 'unknown' | 'not-applicable';

/** Shapes of the verdicts: they say it without colour. */
const shapes: Readonly<Record<ReportMark, string>> = {
  ok: '<path d="M3 8.5l3.2 3.2L13 5"/>',
  // A half disc, as on the screen: everything that was seen fits.
  fits: '<circle cx="8" cy="8" r="6.2"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="#11161d"/>',
  warning: '<path d="M8 2.2L14.5 13.5h-13z"/><path d="M8 6.5v3.2M8 11.6v.1"/>',
  failed: '<path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z"/><path d="M6 6l4 4M10 6l-4 4"/>',
  unknown:
    '<circle cx="8" cy="8" r="6.2"/><path d="M6.2 6.3a1.9 1.9 0 1 1 2.5 1.9c-.5.2-.7.5-.7 1M8 11.4v.1"/>',
  'not-applicable': '<path d="M4 8h8"/>',
};

export function reportMark(verdict: ReportMark): string {
  return `<svg viewBox="0 0 16 16" aria-hidden="true">${shapes[verdict]}</svg>`;
}

const signatures = `<div class="signatures">${['Administrator', 'Infrastructure', 'Manager'].map((who) => `<span>${who}, date</span>`).join('')}</div>`;
