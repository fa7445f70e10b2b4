import * as z from 'zod/mini';
import { SiteDesign } from '../setup/draft.ts';
import type { SiteDocument } from '../site/site-document.ts';
import type { AdvisorAnswers } from './answers.ts';
import { quoted, usableAnswers } from './problems.ts';
import type { AdvisorRecord } from './record.ts';
import { designTitles, recommend } from './recommend.ts';

/** What is installed, as far as the advisor asks about it. */
export const InstalledDesign = z.object({
  design: SiteDesign,
  clusters: z.array(
    z.object({
      id: z.string(),
      storage: z.enum(['shared', 'copied']),
      interfaces: z.array(z.string()),
      pollers: z.int(),
    }),
  ),
});
export type InstalledDesign = z.infer<typeof InstalledDesign>;

/** Pure. */
export function installedDesign({ clusters }: Pick<SiteDocument, 'clusters'>): InstalledDesign {
  return {
    design: clusters.length > 1 ? 'multi-cluster' : 'active-passive',
    clusters: clusters.map(({ id, storage, listeners, pollers }) => ({
      id,
      storage: storage.kind,
      interfaces: [...listeners.map(({ name }) => name), ...pollers],
      pollers: pollers.length,
    })),
  };
}

/** Where what is installed is no longer what was answered and decided, as sentences. Pure. */
export function driftFrom(
  { answers, decision }: Pick<AdvisorRecord, 'answers' | 'decision'>,
  installed: InstalledDesign,
): string[] {
  const usable = usableAnswers(answers);
  const { design } = recommend(answers);
  const drifted: string[] = [];
  const here = designTitles[installed.design];
  if (decision !== null && decision.design !== installed.design) {
    drifted.push(
      `${designTitles[decision.design]} was decided on ${decision.at.slice(0, 10)}, and ${here} is installed.`,
    );
  }
  if (design !== null && design !== installed.design && decision?.design !== design) {
    drifted.push(`The answers lead to ${designTitles[design]} now, and ${here} is installed.`);
  }
  return [...drifted, ...partsDrift(usable, installed), ...interfaceDrift(usable, installed)];
}

function partsDrift({ present, pollers, load }: AdvisorAnswers, { clusters }: InstalledDesign): string[] {
  const drifted: string[] = [];
  const copied = clusters.filter(({ storage }) => storage === 'copied').map(({ id }) => id);
  if (present.storage === 'shared' && copied.length > 0) {
    drifted.push(
      `Shared storage was answered; the directory of ${copied.join(', ')} is copied, and no loss is not guaranteed.`,
    );
  }
  if (present.storage === 'copied' && copied.length === 0) {
    drifted.push('Copied storage was answered; every cluster has a shared directory.');
  }
  const found = clusters.reduce((sum, cluster) => sum + cluster.pollers, 0);
  if (pollers.amount === 'none' && found > 0) {
    drifted.push(`No pollers were answered; the site has ${found}.`);
  }
  if (pollers.count !== null && pollers.amount !== 'none' && pollers.count !== found) {
    drifted.push(`${pollers.count} pollers were answered; the site has ${found}.`);
  }
  const interfaces = new Set(clusters.flatMap((cluster) => cluster.interfaces)).size;
  if (load.interfaces !== null && load.interfaces !== interfaces) {
    drifted.push(`${load.interfaces} interfaces were answered; the site has ${interfaces}.`);
  }
  return drifted;
}

/** By their names: those that are installed nowhere, and those that must be in one cluster and are not. */
function interfaceDrift({ interfaces }: AdvisorAnswers, { clusters }: InstalledDesign): string[] {
  const clusterOf = new Map(clusters.flatMap(({ id, interfaces: names }) => names.map((name) => [name, id])));
  if (interfaces.length === 0) return [];
  const absent = interfaces.filter(({ name }) => !clusterOf.has(name)).map(({ name }) => quoted(name));
  const parted = interfaces.flatMap(({ name, together }) =>
    together.flatMap((other) => {
      const [here, there] = [clusterOf.get(name), clusterOf.get(other)];
      if (here === undefined || there === undefined || here === there) return [];
      return [
        `${quoted(name)} (${here}) and ${quoted(other)} (${there}) must stay in order, and are in different clusters.`,
      ];
    }),
  );
  if (absent.length === interfaces.length)
    return ['None of the listed interfaces is installed under its name.'];
  const shown = absent.slice(0, 5).join(', ');
  const more = absent.length > 5 ? ` and ${absent.length - 5} more` : '';
  return [
    ...parted,
    ...(absent.length > 0 ? [`Listed, but installed nowhere under that name: ${shown}${more}.`] : []),
  ];
}
