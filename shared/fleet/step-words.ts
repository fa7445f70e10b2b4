/** A step in the two words that fit on a narrow bar; its whole title stands in the table below. */
const words: Readonly<Record<string, string>> = {
  drain: 'Drain',
  'stop-pollers': 'Pollers',
  'stop-engine': 'Stop',
  'seal-ledger': 'Ledger',
  'copy-last': 'Last copy',
  'end-epoch': 'Epoch',
  release: 'Release',
  acquire: 'Lease',
  'prove-storage': 'Storage',
  'write-generation': 'Generation',
  'start-engine': 'Engine',
  'start-components': 'Components',
  'open-active': 'Open',
  'start-pollers': 'Pollers',
};

/** @param id the step's id in an operation record, which an agent of another release may not share */
export function shortStep(id: string, title: string): string {
  return words[id] ?? title;
}
