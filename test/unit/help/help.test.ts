import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AutomaticFailover,
  CopyFacts,
  CutFacts,
  LeaseFacts,
  ObservedRole,
  Verdict,
} from '../../../shared/agent-api/member-snapshot.ts';
import { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import { drillVerdicts } from '../../../shared/drills/drill-record.ts';
import { readinessVerdicts } from '../../../shared/readiness/check.ts';
import { CheckedLine } from '../../../shared/verification/verification.ts';
import { errorSentences } from '../../../shared/error-sentences.ts';
import { explainedStates, topicOfState } from '../../../shared/help/explained-states.ts';
import { glossary, termOf } from '../../../shared/help/glossary.ts';
import { helpReportHtml, isPrinted } from '../../../shared/help/help-report.ts';
import { helpTopics, searchTopics } from '../../../shared/help/help-topics.ts';
import { runbookIds } from '../../../shared/help/runbook.ts';
import { runbooks } from '../../../shared/help/runbooks.ts';
import { clusterFindings } from '../../../shared/fleet/findings.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import { fixtures, type FixtureName } from '../../screens/fixtures.ts';

/** Goal: whatever a screen shows is explained, for messages too. Method: the data of help against everything that names it. */
const topics = helpTopics();
const root = join(import.meta.dirname, '../../..');

describe('a run-book', () => {
  it.each(runbookIds)('of %s says everything that is asked for', (id) => {
    const { means, meaning, check, now, avoid, more } = runbooks[id];
    for (const text of [means, meaning]) expect(text).toMatch(/\.$/);
    for (const list of [check, now, avoid]) {
      expect(list.length).toBeGreaterThan(0);
      for (const line of list) expect(line).toMatch(/[.?]$/);
    }
    for (const line of avoid) expect(line).toMatch(/^Do not /);
    expect(readFileSync(join(root, more), 'utf8')).not.toBe('');
  });

  it.each(Object.keys(fixtures) as FixtureName[])('is there for every problem of the state %s', (name) => {
    const { site } = fixtures[name]();
    if (site === null) return;
    for (const cluster of siteSight(site, 0).clusters) {
      for (const { runbook } of clusterFindings(cluster)) {
        expect(topics.some(({ id }) => id === runbook)).toBe(true);
      }
    }
  });
});

describe('help', () => {
  it('has a topic of its own for every state that a chip explains', () => {
    for (const { help, topic } of explainedStates()) {
      expect(topicOfState(help)).toBe(topic);
      expect(topics.some(({ id }) => id === topic)).toBe(true);
    }
    expect(topicOfState({ ...explainedStates()[0]!.help })).toBeNull();
  });

  it('has one topic under each name', () => {
    const ids = topics.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('says what every error, state and alarm means for messages', () => {
    const asked = topics.filter(({ group }) => ['runbooks', 'states', 'errors'].includes(group));
    for (const { id, parts } of asked) {
      const part = parts.find(({ head }) => head === 'What it means for my messages');
      expect(part?.lines.join(' '), id).toMatch(/\S\.$/);
    }
    const errors = topics.filter(({ group }) => group === 'errors');
    expect(errors.map(({ id }) => id)).toEqual(Object.keys(errorSentences));
  });

  /** The enumerations themselves, as screens and agents use them. */
  const enumerations: Readonly<Record<string, readonly string[]>> = {
    role: ObservedRole.options,
    failover: AutomaticFailover.shape.state.options,
    decision: Verdict.options,
    lease: LeaseFacts.shape.state.options,
    copy: CopyFacts.shape.loss.def.innerType.def.options.flatMap(({ shape }) => shape.kind.def.values),
    cut: CutFacts.shape.other.def.innerType.shape.outcome.options,
    operation: OperationRecord.shape.state.options,
    proof: CheckedLine.shape.verdict.options,
    drill: drillVerdicts,
    readiness: readinessVerdicts,
  };

  it.each(Object.entries(enumerations))('has words for every state of: %s', (what, states) => {
    expect(states.length).toBeGreaterThan(2);
    for (const state of states) {
      const topic = topics.find(({ id }) => id === `state-${what}-${state}`);
      expect(topic, `${what}: ${state}`).toBeDefined();
      expect(topic!.parts.map(({ head }) => head)).toEqual([
        'What it means',
        'What it means for my messages',
      ]);
    }
  });

  it('is found by words in any order, titles first', () => {
    expect(searchTopics(topics, 'store lease')[0]?.title.toLowerCase()).toContain('lease store');
    expect(searchTopics(topics, 'auth-refused nowhere')).toEqual([]);
    expect(searchTopics(topics, '')).toEqual(topics);
  });

  it('on paper has run-books, states and words, and nothing that could run', () => {
    const html = helpReportHtml(
      {
        schema: 'ixha-runbooks/1',
        ...{ site: '<b>Clinic</b>', isDemo: false, madeAt: '2026-03-14T04:31:24.000Z', timeZone: 'UTC' },
        ...{ operator: { name: 'owner-1', role: 'admin' }, consoleVersion: '0.1.0', sha256: 'ab'.repeat(32) },
        topics: topics.filter(isPrinted),
      },
      'A4',
    );
    expect(html).toContain('&lt;b&gt;Clinic');
    for (const id of runbookIds) expect(html).toContain(`<small>${id}</small>`);
    expect(html).not.toContain('<script');
  });
});

describe('the glossary', () => {
  /** Words that screens and documents lean on: the table of words of the product. */
  it.each(
    'Active, Passive, Site, Cluster, Member, Agent, Engine, Lease, Epoch, Witness, Guard, Gate, Deadline, Heartbeat, Peer mode, Fence, Generation, Queue ledger, Queue position, Poller, Switchover, Failback, Readiness, Drill, Recovery verification, RTO, RPO, T (lease), H (renewal), O (operation), K (stop), D (kill)'.split(
      ', ',
    ),
  )('has %s', (word) => {
    expect(termOf(word)).toBeDefined();
  });

  it('has every word that a page explains', () => {
    const used = sources(join(root, 'renderer')).flatMap((text) =>
      [...text.matchAll(/<Term\s+id="([^"]+)"/g)].map(([, id]) => id!),
    );
    expect(used.length).toBeGreaterThan(0);
    for (const id of used) expect(Object.keys(glossary)).toContain(id);
  });

  it('takes a heading for its word in the plural too, and no other heading', () => {
    expect(termOf('Guards')).toBe('guard');
    expect(termOf('queue ledger')).toBe('ledger');
    expect(termOf('Problems')).toBeUndefined();
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
