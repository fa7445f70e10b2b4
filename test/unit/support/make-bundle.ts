import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Journal, type JournalEntry } from '../../../agent/journal/journal.ts';
import { journalPart } from '../../../agent/support/journal-part.ts';
import { systemMeans } from '../../../agent/support/support-scene.ts';
import { wordsOf } from '../../../shared/support/allowed-text.ts';
import { bundleEntries, type BundlePart } from '../../../shared/support/bundle-entries.ts';
import type { SupportFile } from '../../../shared/support/support-material.ts';
import { tarArchive } from '../../../shared/support/tar.ts';
import { agentText } from './product-words.ts';

/** A journal as an agent writes it, an entry a second from this instant on. */
export interface WrittenJournal {
  readonly cluster: string;
  readonly server: string;
  readonly startMs: number;
  readonly entries: readonly JournalEntry[];
}

const encode = (text: string) => Buffer.from(text);
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

/** A bundle as the product makes it, of journals that agents have written; `change` has a say on each file before. */
export function makeBundle(
  path: string,
  journals: readonly WrittenJournal[],
  change: (file: SupportFile) => SupportFile = (file) => file,
): void {
  const parts = journals.map((journal): BundlePart => {
    const files = journalFiles(journal).map(change);
    return { name: journal.server, files, missing: [] };
  });
  const missing = [{ what: 'what its own program collects', why: 'It could not be reached.' }];
  const about = { site: 'clinic', madeAt: '2026-03-14T05:00:00.000Z', productVersion: '0.1.0' };
  const all = [...parts, { name: 'balancer', files: [], missing }];
  const archive = tarArchive(bundleEntries(about, all, { encode, sha256 }), 'ixha-support-clinic', 0);
  writeFileSync(path, gzipSync(archive));
}

function journalFiles({ cluster, server, startMs, entries }: WrittenJournal): SupportFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-journal-'));
  try {
    mkdirSync(join(folder, 'journal'));
    let at = 0;
    const clock = { bootMs: () => at * 1000, wallTime: () => new Date(startMs + at * 1000).toISOString() };
    const journal = new Journal(join(folder, 'journal'), clock, { cluster, server });
    for (const entry of entries) {
      at += 1;
      journal.append(entry);
    }
    journal.close();
    const names = new Set([cluster, server, 'ig-north', 'ig-south']);
    const scene = { ...systemMeans, allowed: { words: wordsOf(agentText()), names } };
    return journalPart(scene, join(folder, 'journal'), cluster);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Two members of which the first hands over to the other: seven records in all. */
export function handedOver(startMs = Date.parse('2026-03-14T04:31:00.000Z')): WrittenJournal[] {
  return [
    {
      ...{ cluster: 'WK1', server: 'ig-north', startMs },
      entries: [
        { kind: 'agent', sentence: 'Agent of WK1 started on ig-north.' },
        { kind: 'role', sentence: 'ig-north is Active with epoch 1.', verdict: 'active', epoch: 1 },
        {
          kind: 'step',
          sentence: 'Step stop-engine: its process is gone.',
          step: 'stop-engine',
          result: 'ok',
          epoch: 1,
        },
        { kind: 'role', sentence: 'ig-north is Passive.', verdict: 'passive', epoch: 1 },
      ],
    },
    {
      ...{ cluster: 'WK1', server: 'ig-south', startMs },
      entries: [
        { kind: 'role', sentence: 'ig-south is Passive.', verdict: 'passive', epoch: 1 },
        // The other way round than elsewhere: agents write a line as whoever noted it named its fields.
        { sentence: 'Lease of epoch 2 granted.', kind: 'lease', epoch: 2 },
        { kind: 'role', sentence: 'ig-south is Active with epoch 2.', verdict: 'active', epoch: 2 },
      ],
    },
  ];
}
