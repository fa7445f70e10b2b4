import { nameList } from '../../engine/component-state.ts';
import type { MemberSnapshot } from '../../agent-api/member-snapshot.ts';
import { ledgerOf } from '../ledger-of-move.ts';
import {
  activeOf,
  generationRead,
  journalOf,
  otherOf,
  silence,
  stepOf,
  stepWord,
  type MoveEvidence,
} from '../move-evidence.ts';
import { against, fits, missing, shown, type Sign } from '../signs.ts';
import type { Line, Look } from './line.ts';

/** V13 to V15: what the members stand on. */
export const groundLines: readonly Line[] = [
  {
    id: 'V13',
    title: 'Storage',
    claim: 'The new Active works on the same storage, can write there, and nobody else has written since.',
    proof:
      'It proved the identity of the directory before the start, writes there now, no late write was seen, and the other member reads the same generation there.',
    look: storage,
  },
  {
    id: 'V14',
    title: 'Configuration',
    claim: 'Both members are configured alike, and the engine has the same components as before.',
    proof:
      'Both members tell the same settings, the components are those of before, and the files of the engine’s configuration lie in the one shared directory or were found equal over SSH since the move.',
    look: configuration,
  },
  {
    id: 'V15',
    title: 'Old member fit',
    claim: 'The old member is a fit Passive again.',
    proof: 'It says that it is Passive and has nothing in its way, and the new Active hears it.',
    look: oldMember,
  },
];

function storage(e: MoveEvidence): Look {
  const active = activeOf(e);
  const now = active.snapshot?.storage ?? null;
  return {
    before: e.move.epochBefore === null ? null : `generation ${e.move.epochBefore}`,
    after: now?.generation.value == null ? null : `generation ${now.generation.value}`,
    signs: [identitySign(e), ...writableSigns(e), generationSeenByOther(e), ...copiedSigns(now)],
  };
}

function identitySign(e: MoveEvidence): Sign {
  const about = { side: 'after', from: journalOf(activeOf(e)), core: true } as const;
  const proven = stepOf(e, e.move.active, 'prove-storage');
  return proven
    ? shown(about, stepWord(proven))
    : missing(about, 'no proof of the storage in this move is told');
}

function writableSigns(e: MoveEvidence): Sign[] {
  const active = activeOf(e);
  const about = { side: 'after', from: active.name, core: true } as const;
  if (active.snapshot === null) return [missing(about, silence(active))];
  const { storage: facts, evidence } = active.snapshot;
  const { value, why } = facts.proven;
  const signs = [
    value === null
      ? missing(about, why ?? 'its last look at the storage is not told')
      : shown(about, `written and read back in ${Math.round(value.tookMs)} ms`),
  ];
  const look = evidence?.storage ?? null;
  if (look === null) return [...signs, missing({ ...about, core: false }, 'late writes: not looked for')];
  if (look.code !== 'fine') signs.push(against({ ...about, next: look.next }, look.sentence));
  const next = 'Find that server and stop its engine, or withdraw the storage from it.';
  signs.push(
    look.lateWrite === null
      ? shown({ ...about, core: false }, 'no late write under the new epoch')
      : against({ ...about, next, lasts: true }, `a late write: ${look.lateWrite.seen}`),
  );
  return signs;
}

function generationSeenByOther(e: MoveEvidence): Sign {
  const other = otherOf(e);
  const { value, why, outdated } = generationRead(e, other);
  const about = { side: 'before', from: other.name, core: outdated } as const;
  if (other.snapshot?.storage.proven.value?.unmounted)
    return fits(about, 'nothing of it is mounted there any more, so nothing is written there');
  if (value === null) return missing(about, `the generation it reads: ${why}`);
  if (other.snapshot?.storage.kind === 'copied') return fits(about, `generation ${value} in its own copy`);
  const next = `See that ${other.name} has the same directory mounted, not another one or a stale view of it.`;
  return value === e.move.epoch
    ? shown(about, `it reads generation ${value} there too`)
    : against({ ...about, next }, `it reads generation ${value} there, not ${e.move.epoch}`);
}

function copiedSigns(now: MemberSnapshot['storage'] | null): Sign[] {
  if (now?.kind !== 'copied') return [];
  return [fits({ side: 'after', from: 'design' }, 'a copied directory: that nothing is lost is not met')];
}

function configuration(e: MoveEvidence): Look {
  const { table } = ledgerOf(e);
  const own = { side: 'after', from: 'engine', core: false } as const;
  const rows = table?.rows ?? [];
  const gone = rows.filter(({ before, after }) => before !== null && after === null).map(({ name }) => name);
  const fresh = rows.filter(({ before, after }) => before === null && after !== null).map(({ name }) => name);
  const count = (side: 'before' | 'after') => `${rows.filter((row) => row[side] !== null).length} components`;
  return {
    before: table && count('before'),
    after: table && count('after'),
    signs: [
      settingsSign(e),
      ...(table === null ? [missing(own, 'its components from before are not known')] : []),
      ...(table !== null && gone.length + fresh.length === 0
        ? [shown(own, 'the same components as before')]
        : []),
      ...(gone.length === 0 ? [] : [against(own, `gone since before: ${nameList(gone)}`)]),
      ...(fresh.length === 0 ? [] : [against(own, `not there before: ${nameList(fresh)}`)]),
      filesSign(e),
    ],
  };
}

/** The files that the engine reads, which no agent compares. */
function filesSign({ configuration: { equal, said } }: MoveEvidence): Sign {
  const about = { side: 'outside', from: 'configuration files' } as const;
  if (equal === null) {
    const next =
      'Compare the configuration on the page Servers (or: site configuration FILE), then check again.';
    return missing({ ...about, next }, said);
  }
  const next = 'Look whose files are the right ones, then copy them from the Active on the page Servers.';
  return equal ? shown(about, said) : against({ ...about, next }, said);
}

/** What both members tell of how they are set up. */
function settingsSign(e: MoveEvidence): Sign {
  const [active, other] = [activeOf(e), otherOf(e)];
  const about = { side: 'before', from: `${active.name} and ${other.name}`, core: true } as const;
  const silent = [active, other].find(({ snapshot }) => snapshot === null);
  if (silent) return missing(about, silence(silent));
  const [here, there] = [settingsOf(active.snapshot!), settingsOf(other.snapshot!)];
  const different = Object.keys(here).filter((key) => here[key] !== there[key]);
  const next = 'Repair the servers from the console, which writes the same settings to both.';
  return different.length === 0
    ? shown(about, 'the same timing and storage settings')
    : against({ ...about, next }, `they differ in ${different.join(', ')}`);
}

function settingsOf({ timing, storage: { kind, directory } }: MemberSnapshot): Record<string, unknown> {
  return { ...timing, 'kind of storage': kind, ...(kind === 'shared' ? { directory } : {}) };
}

function oldMember(e: MoveEvidence): Look {
  const [active, other] = [activeOf(e), otherOf(e)];
  const next = `Bring ${other.name} back, then check again.`;
  const about = { side: 'before', from: other.name } as const;
  if (other.snapshot === null) {
    return { before: null, after: null, signs: [missing({ ...about, core: true, next }, silence(other))] };
  }
  const { role, blockers, forced } = other.snapshot;
  const back = forced?.readmission ?? null;
  return {
    before: e.move.from === other.server ? 'Active' : 'Passive',
    after: role.observed === 'passive' ? 'Passive' : role.observed,
    signs: [
      role.observed === 'passive' ? shown(about, 'it is Passive') : against(about, `it is ${role.observed}`),
      ...(back === null
        ? []
        : [
            against(
              {
                ...about,
                next: `Take it back with: ixha readmit ${e.move.cluster} --server ${other.server}.`,
              },
              back.why,
            ),
          ]),
      ...blockers.map((blocker) => against({ ...about, next: blocker.remedy }, blocker.reason)),
      ...(blockers.length === 0 ? [shown(about, 'nothing is in its way')] : []),
      heardSign(e, active.snapshot),
    ],
  };
}

function heardSign(e: MoveEvidence, active: MemberSnapshot | null): Sign {
  const about = { side: 'after', from: activeOf(e).name } as const;
  if (active === null) return missing(about, silence(activeOf(e)));
  return active.peer.reachable
    ? shown(about, `it hears ${otherOf(e).name}`)
    : missing(about, `it does not hear ${otherOf(e).name}: ${active.peer.why ?? 'no answer'}`);
}
