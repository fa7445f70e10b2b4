import type { ProductError } from '../../../shared/errors.ts';
import { fail, type Result } from '../../../shared/result.ts';
import type { SiteCommand } from './commands.ts';
import { siteDrill } from './drill-verb.ts';
import { bundleHistoryVerb, siteHistoryVerb } from './history-verb.ts';
import { sitePatch } from './patch-verb.ts';
import { siteProof } from './proof-verb.ts';
import { siteReadiness } from './readiness-verb.ts';
import type { VerbPlace } from '../with-open-site.ts';

/** Verbs that work with an open site, as a console does. */
const profileVerbs = ['readiness', 'drill', 'patch', 'proof', 'history'] as const;
export type ProfileCommand = Extract<SiteCommand, { verb: (typeof profileVerbs)[number] }>;

export function isProfileVerb(command: SiteCommand): command is ProfileCommand {
  return profileVerbs.some((verb) => verb === command.verb);
}

export interface ProfilePlace extends VerbPlace {
  readonly out: (text: string) => void;
}

/** What was found or done: lines for a person, and the whole of it as data; null: there is only what the lines say. */
interface Shown {
  /** False makes the command fail; what is open is told all the same, and its reports are written. */
  readonly isGood: boolean;
  readonly lines: string[];
  readonly data: object | null;
}

/** Carries the verb out. Errors: those of the verb; none where it is told what is not as it should be. */
export async function carryOutProfileVerb(
  command: ProfileCommand,
  place: ProfilePlace,
): Promise<Result<string[], ProductError[]>> {
  const shown = await show(command, place);
  if (!shown.ok) return fail([shown.error]);
  const { isGood, lines, data } = shown.value;
  if (command.json && data !== null) place.out(`${JSON.stringify(data)}\n`);
  if (isGood) return { ok: true, value: lines };
  if (!command.json) place.out(`${lines.join('\n')}\n`);
  return fail([]);
}

async function show(command: ProfileCommand, place: ProfilePlace): Promise<Result<Shown, ProductError>> {
  switch (command.verb) {
    case 'readiness': {
      const seen = await siteReadiness(command, place);
      if (!seen.ok) return seen;
      const { ready, lines, report } = seen.value;
      return { ok: true, value: { isGood: ready, lines, data: { ready, report } } };
    }
    case 'drill': {
      const seen = await siteDrill(command, place);
      if (!seen.ok) return seen;
      const { passed, lines, record } = seen.value;
      return { ok: true, value: { isGood: passed, lines, data: record && { passed, record } } };
    }
    case 'proof': {
      const seen = await siteProof(command, place);
      if (!seen.ok) return seen;
      const { holds, lines, report, seen: word } = seen.value;
      return { ok: true, value: { isGood: holds, lines, data: { holds, report, seen: word } } };
    }
    case 'history': {
      const { bundle } = command;
      const seen = await (bundle === null
        ? siteHistoryVerb(command, place)
        : bundleHistoryVerb({ ...command, bundle }, place));
      if (!seen.ok) return seen;
      const { isUnbroken, lines, data } = seen.value;
      return { ok: true, value: { isGood: isUnbroken, lines, data: { isUnbroken, ...data } } };
    }
    case 'patch': {
      const seen = await sitePatch(command, place);
      if (!seen.ok) return seen;
      const { done, lines, run } = seen.value;
      return { ok: true, value: { isGood: done, lines, data: run ? { done, run } : { done, lines } } };
    }
  }
}
