import { readFile, stat } from 'node:fs/promises';
import type { AdvisorAnswers } from '../../../shared/advisor/answers.ts';
import { compareDesigns } from '../../../shared/advisor/comparison.ts';
import { driftFrom, installedDesign, type InstalledDesign } from '../../../shared/advisor/drift.ts';
import { knownSituation } from '../../../shared/advisor/known.ts';
import { readAnswers } from '../../../shared/advisor/read-answers.ts';
import { designTitles, recommend } from '../../../shared/advisor/recommend.ts';
import type { AdvisorRecord, DesignDecision } from '../../../shared/advisor/record.ts';
import { recommendationLines } from '../../../shared/advisor/told-lines.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { keptAdvisorRecord } from '../advisor/advisor-keeper.ts';
import { readSiteOf } from '../profile/read-profile.ts';

const mostBytes = 4 * 1024 * 1024;

interface AdviseCommand {
  /** Empty: the answers that are kept with the site of the profile. */
  readonly file: string;
  readonly profile: string | undefined;
  readonly json: boolean;
}

/**
 * `site advise`: which design fits the answers of a file, or those that are kept with a site, and with a site what of it
 * is no longer as it was answered and decided. Signs in nowhere. `say` gets the whole of it for programs.
 * Errors: site.missing, site.damaged, request.invalid.
 */
export async function advise(
  { file, profile, json }: AdviseCommand,
  say: (advice: unknown) => void,
): Promise<Result<string[], ProductError[]>> {
  const kept = profile === undefined ? succeed(null) : await keptWith(profile);
  if (!kept.ok) return fail([kept.error]);
  const answers = file === '' ? keptAnswers(kept.value, profile ?? '') : await answersOf(file);
  if (!answers.ok) return fail([answers.error]);
  const recommendation = recommend(answers.value);
  const decision = kept.value?.record?.decision ?? null;
  const installed = kept.value?.installed ?? null;
  const drift = installed && driftFrom({ answers: answers.value, decision }, installed);
  if (json) {
    const comparison = compareDesigns(knownSituation(answers.value));
    say({ recommendation, comparison, ...(installed && { decision, installed, drift }) });
    return succeed([]);
  }
  return succeed([
    ...recommendationLines(answers.value, recommendation),
    ...(installed ? decisionLines(decision) : []),
    ...(drift ? driftLines(drift) : []),
  ]);
}

interface KeptWithSite {
  readonly record: AdvisorRecord | null;
  readonly installed: InstalledDesign;
}

async function keptWith(profile: string): Promise<Result<KeptWithSite, ProductError>> {
  const site = await readSiteOf(profile);
  if (!site.ok) return site;
  const record = await keptAdvisorRecord(profile, new Date().toISOString());
  return succeed({ record, installed: installedDesign(site.value) });
}

function keptAnswers(kept: KeptWithSite | null, profile: string): Result<AdvisorAnswers, ProductError> {
  if (kept?.record) return succeed(kept.record.answers);
  const next =
    'Answer the questions on the page Design advisor, or name a FILE with answers beside --profile.';
  return fail(productError('request.invalid', `No answers of the advisor are kept in ${profile}.`, [], next));
}

async function answersOf(file: string): Promise<Result<AdvisorAnswers, ProductError>> {
  const text = await readText(file);
  return text.ok ? readAnswers(text.value, file) : text;
}

function decisionLines(decision: DesignDecision | null): string[] {
  if (decision === null) return ['', 'Nobody has written a decision down.'];
  const { design, by, at, reason, accepted } = decision;
  return [
    '',
    `Decided: ${designTitles[design]}, by ${by} on ${at.slice(0, 10)}${reason === '' ? '' : `: ${reason}`}`,
    ...accepted.map((caution) => `  accepted: ${caution}`),
  ];
}

function driftLines(drift: readonly string[]): string[] {
  if (drift.length === 0) return ['What is installed is as it was answered and decided.'];
  return [
    'What is installed is no longer as it was answered and decided:',
    ...drift.map((one) => `  ${one}`),
  ];
}

async function readText(file: string): Promise<Result<string, ProductError>> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return fail(productError('request.invalid', `${file} is not a file.`));
    if (found.size > mostBytes) {
      return fail(productError('request.invalid', `${file} is larger than ${mostBytes} bytes.`));
    }
    return succeed(await readFile(file, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fail(productError('site.missing', `There is no file ${file}.`));
    return fail(productError('request.invalid', `${file} cannot be read (${code ?? 'unknown cause'}).`));
  }
}
