/**
 * Print style of reports, for A4 and Letter and for a screen. Ink, and amber or red only for what asks for attention;
 * page numbers and hash stand in the margins of each page.
 */
export function reportStyle(paper: 'A4' | 'Letter', sha256: string): string {
  return `
@page {
  size: ${paper};
  margin: 15mm 16mm 17mm;
  @bottom-left { content: "sha256 ${sha256.slice(0, 16)} … ${sha256.slice(-8)}"; font: 8pt ${fonts}; color: #5c6778; }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt ${fonts}; color: #5c6778; }
}
* { box-sizing: border-box; }
html { color: #11161d; background: #fff; font-family: ${fonts}; font-size: 9.5pt; line-height: 1.4; }
body { margin: 0; }
main { max-width: 184mm; margin: 0 auto; }
@media screen { main { padding: 12mm 6mm; } }
.running { display: flex; justify-content: space-between; gap: 6mm; margin: 0 0 5mm; overflow-wrap: anywhere; }
.running span { color: #5c6778; }
h1 { margin: 0 0 1.5mm; font-size: 18pt; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
.lead { margin: 0 0 4mm; color: #414b5a; font-size: 10pt; overflow-wrap: anywhere; }
.meta { display: grid; grid-template-columns: repeat(4, 1fr); gap: 2mm 4mm; margin: 0; padding: 3mm 0; border: solid #b9c1cc; border-width: 1px 0; }
dt { color: #5c6778; font-size: 8.5pt; }
dd { margin: 0; overflow-wrap: anywhere; }
h2 { display: flex; justify-content: space-between; align-items: baseline; gap: 6mm; margin: 5mm 0 0; padding-bottom: 1.2mm; border-bottom: 1px solid #11161d; font-size: 11pt; font-weight: 600; break-after: avoid; }
h2 small { color: #5c6778; font-size: 8.5pt; font-weight: 400; }
.stages { display: grid; grid-template-columns: repeat(4, 1fr); gap: 4mm; margin: 2mm 0 0; padding: 0; list-style: none; break-inside: avoid; }
.bar { display: block; height: 1mm; margin-bottom: 1.2mm; background: #dfe3e9; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bar span { display: block; height: 100%; background: #11161d; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
${tables}svg { width: 3.4mm; height: 3.4mm; vertical-align: -0.5mm; fill: none; stroke: #11161d; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.warning svg { stroke: #875000; }
.failed svg { stroke: #b3231a; }
.failed .verdict { color: #b3231a; }
.unknown svg { stroke: #566171; }
section p { margin: 1.5mm 0 0; color: #414b5a; }
.signatures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8mm; margin: 16mm 0 5mm; break-inside: avoid; }
.signatures span { padding-top: 1mm; border-top: 1px solid #11161d; color: #414b5a; }
footer { padding-top: 2mm; border-top: 1px solid #b9c1cc; color: #5c6778; font-size: 8pt; overflow-wrap: anywhere; }
code { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
`;
}

const tables = `table { width: 100%; border-collapse: collapse; table-layout: fixed; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
tr { break-inside: avoid; }
tbody th, tbody td { padding: 1.5mm 3mm 1.5mm 0; border-bottom: 1px solid #dfe3e9; vertical-align: top; text-align: left; font-weight: 400; overflow-wrap: anywhere; }
tbody th { font-weight: 600; }
thead th { padding: 1.5mm 3mm 0.6mm 0; color: #5c6778; font-size: 8.5pt; font-weight: 400; text-align: left; vertical-align: bottom; }
tbody .right { padding-right: 0; color: #5c6778; text-align: right; font-variant-numeric: tabular-nums; }
.clusters col:nth-child(1) { width: 22mm; }
.clusters col:nth-child(3) { width: 30mm; }
.quiet, .finding { color: #5c6778; font-weight: 400; }
.checks col:nth-child(1), .drill col:nth-child(1) { width: 27mm; }
.drill col:nth-child(3) { width: 52mm; }
.checks col:nth-child(3) { width: 24mm; }
.checks col:nth-child(4) { width: 30mm; }
.finding, .sign, .about { display: block; }
.about { margin-top: 0.6mm; color: #5c6778; font-size: 8pt; font-weight: 400; }
.sign { padding-left: 3mm; color: #414b5a; font-weight: 400; text-indent: -3mm; }
.sign b { font-weight: 600; }
.proofs col:nth-child(1), .ledger col:nth-child(1) { width: 29mm; }
.proofs col:nth-child(3), .proofs col:nth-child(4) { width: 26mm; }
.ledger col:nth-child(n + 3) { width: 18mm; }
.ledger col:nth-child(7) { width: 12mm; }
.ledger thead th:nth-child(n + 3) { text-align: right; }
.ledger .right { color: inherit; }
.ledger .right, .ledger thead th:nth-child(n + 3) { padding-right: 0; padding-left: 3mm; }
.signed col:nth-child(1) { width: 36mm; }
.signed col:nth-child(2) { width: 28mm; }
.id { color: #5c6778; font-weight: 400; }
`;

/** Of the fonts that workstations have; a report carries none of its own. */
const fonts = `"Inter Variable", Inter, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif`;
