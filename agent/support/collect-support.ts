import { wordsOf } from '../../shared/support/allowed-text.ts';
import { configFiles, siteNames } from '../../shared/support/config-fields.ts';
import { supportLimits, type SupportMaterial } from '../../shared/support/support-material.ts';
import { memberTarget } from '../cli/targets.ts';
import { productVersion } from '../version.ts';
import { activePart, agentPart } from './answers-part.ts';
import { certificatesPart } from './certificates-part.ts';
import { journalPart } from './journal-part.ts';
import { logPart, machinePart, unitsPart } from './system-part.ts';
import { ownParts, type OwnParts } from './own-members.ts';
import { memberStatePart, witnessStatePart } from './state-part.ts';
import { storagePart } from './storage-part.ts';
import {
  attempt,
  joinCollected,
  type Collected,
  type SupportMeans,
  type SupportScene,
} from './support-scene.ts';

/**
 * Everything about the product on this server that somebody who helps from afar may see. Only looks. What cannot be
 * had is named with why, and never keeps the rest from coming.
 *
 * @param programText the text of the product's own program, whose words may leave the server
 */
export async function collectSupport(means: SupportMeans, programText: string): Promise<SupportMaterial> {
  const own = ownParts(means);
  const scene: SupportScene = { ...means, allowed: { words: wordsOf(programText), names: siteNames(own) } };
  const parts = await Promise.all([
    attempt('the configuration', () => ({ files: configFiles(own), missing: own.missing })),
    ...memberParts(scene, own),
    ...witnessParts(scene, own),
    attempt('the facts of this machine', () => machinePart(scene)),
    attempt('the state of the units', () => unitsPart(scene, unitsOf(own))),
    ...logParts(scene, own),
  ]);
  const { files, missing } = withinLimits(joinCollected(parts));
  return {
    schema: 1,
    productVersion,
    wallTime: new Date().toISOString(),
    files: [...files],
    missing: [...missing],
  };
}

function memberParts(scene: SupportScene, { members }: OwnParts): Promise<Collected>[] {
  return members.flatMap((config) => {
    const { cluster, paths } = config;
    const of = (what: string) => `${what} of ${cluster}`;
    return [
      attempt(of('the journal'), () => journalPart(scene, `${paths.state}/journal`, cluster)),
      attempt(of('the state'), () => memberStatePart(scene, config)),
      attempt(of('the certificates'), () => certificatesPart(scene, paths.certificates, cluster)),
      attempt(of('the storage'), () => storagePart(scene, config)),
      attempt(of('the answers to the balancer'), () =>
        activePart(cluster, config.listen.address, config.listen.activePort),
      ),
      attempt(of('the answers of the agent'), () => agentPart(memberTarget(config), scene.allowed)),
    ];
  });
}

function witnessParts(scene: SupportScene, { witness }: OwnParts): Promise<Collected>[] {
  if (witness === null) return [];
  return [
    attempt('the records of the lease store', () => witnessStatePart(scene, witness)),
    attempt('the certificates of the lease store', () =>
      certificatesPart(scene, witness.paths.certificates, 'witness'),
    ),
  ];
}

/** Units of the product on this server. Pure. */
export const ownUnits = ({ members, witness }: OwnParts): string[] => [
  ...members.flatMap(({ cluster }) => [
    `ixha-agent@${cluster}.service`,
    `ixha-guard-1@${cluster}.service`,
    `ixha-guard-2@${cluster}.service`,
  ]),
  ...(witness === null ? [] : ['ixha-witness.service']),
];

/** Units of the engines on this server. Pure. */
export const engineUnits = ({ members }: OwnParts): string[] =>
  members.map(({ engine }) => engine.service.unit);

function unitsOf(own: OwnParts): string[] {
  return [...ownUnits(own), ...engineUnits(own), 'haproxy.service'];
}

function logParts(scene: SupportScene, own: OwnParts): Promise<Collected>[] {
  const log = (unit: string, ownOutput: boolean) =>
    attempt(`the log of ${unit}`, () => logPart(scene, unit, { ownOutput }));
  return [
    ...ownUnits(own).map((unit) => log(unit, true)),
    ...engineUnits(own).map((unit) => log(unit, false)),
  ];
}

/** What is too much is left out as whole files, and named. */
function withinLimits({ files, missing }: Collected): Collected {
  const kept = [];
  const left = [];
  let characters = 0;
  for (const file of files) {
    const fits =
      kept.length < supportLimits.files && characters + file.text.length <= supportLimits.serverCharacters;
    if (fits) {
      kept.push(file);
      characters += file.text.length;
    } else
      left.push({ what: file.path, why: 'This server has handed over as much as a bundle takes from one.' });
  }
  return { files: kept, missing: [...missing, ...left].slice(0, supportLimits.files) };
}
