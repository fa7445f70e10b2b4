import * as z from 'zod/mini';
import { parseJson } from '../../shared/parse-json.ts';
import { MemberConfig, WitnessConfig } from '../../shared/site/member-config.ts';
import type { ConfiguredParts } from '../../shared/support/config-fields.ts';
import type { NotHad } from '../../shared/support/support-material.ts';
import { whyNot, type SupportMeans } from './support-scene.ts';

/** What is configured on this server, as far as it can be read. */
export interface OwnParts extends ConfiguredParts {
  readonly missing: readonly NotHad[];
}

/** Reads the configuration of every member and of the lease store; one that is damaged is named as missing. */
export function ownParts(means: SupportMeans): OwnParts {
  const missing: NotHad[] = [];
  const folder = means.folders.configuration;
  const names = attemptList(means, folder, missing);
  const read = <Schema extends z.ZodMiniType>(path: string, schema: Schema): z.infer<Schema>[] => {
    try {
      const parsed = schema.safeParse(parseJson(means.read(path)));
      if (parsed.success) return [parsed.data];
      const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole file');
      missing.push({
        what: path,
        why: `It has another form than expected: ${fields.slice(0, 8).join(', ')}.`,
      });
    } catch (error) {
      // Files of the site lie beside the folders of its members.
      const isNone = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (!isNone) missing.push({ what: path, why: whyNot(error) });
    }
    return [];
  };
  const members = names
    .filter((name) => name !== 'witness')
    .flatMap((name) => read(`${folder}/${name}/member.json`, MemberConfig));
  const [witness = null] = names.includes('witness')
    ? read(`${folder}/witness/witness.json`, WitnessConfig)
    : [];
  return { members, witness, missing };
}

function attemptList(means: SupportMeans, folder: string, missing: NotHad[]): string[] {
  try {
    return means.list(folder);
  } catch (error) {
    missing.push({ what: `the configuration in ${folder}`, why: whyNot(error) });
    return [];
  }
}
