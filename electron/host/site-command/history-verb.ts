import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { userInfo } from 'node:os';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { chainSentence } from '../../../shared/history/chain-sentence.ts';
import { differenceLines, siteThenLines } from '../../../shared/history/text-lines.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { bundleView } from '../history/bundle-view.ts';
import { exportCsv, exportHistory, exportJson, exportName } from '../history/export-history.ts';
import { sourceOf } from '../history/history-handlers.ts';
import { openBundle, type HistorySource } from '../history/history-sources.ts';
import { siteAt, siteBetween } from '../history/site-at.ts';
import { verifyChains, type JournalChain } from '../history/verify-chains.ts';
import { systemTime } from '../host-time.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { SiteCommand } from './commands.ts';
import { withOpenSite, type VerbPlace } from '../with-open-site.ts';

type HistoryCommand = Extract<SiteCommand, { verb: 'history' }>;

/** What was asked of the past, in lines for the person and whole. */
export interface ShownHistory {
  /** False: the chain of some journal is broken. */
  readonly isUnbroken: boolean;
  readonly lines: string[];
  readonly data: object;
}

/**
 * `site history`: the past of a site as its journals tell it, read from its members first, or the past that a support
 * bundle holds, without any connection. Errors: those of a profile that cannot be opened, history.unavailable, bundle.*,
 * request.invalid, report.not-written.
 */
export async function siteHistoryVerb(
  command: HistoryCommand,
  place: VerbPlace,
): Promise<Result<ShownHistory, ProductError>> {
  const time = systemTime();
  return withOpenSite(place.profileDirectory, time, async ({ history, document, me }) => {
    const opened = await history().catch((cause: unknown) => String(cause));
    if (typeof opened === 'string') {
      return fail(
        productError('history.unavailable', 'The history of this site could not be opened.', [opened]),
      );
    }
    const name = `${me.name} (${userInfo().username})`;
    const source = { database: opened.database, ...sourceOf(document) };
    return showPast(command, source, { ...place, name, wallTime: time.wallTime() });
  });
}

/** The same of a bundle. */
export async function bundleHistoryVerb(
  command: HistoryCommand & { readonly bundle: string },
  place: Pick<VerbPlace, 'consoleVersion' | 'signal'>,
): Promise<Result<ShownHistory, ProductError>> {
  const bundle = await openBundle(command.bundle);
  if (!bundle.ok) return bundle;
  const { database } = bundle.value;
  try {
    const view = bundleView(bundle.value);
    const head = [
      `From the bundle ${view.fileName}, made ${view.madeAt} by version ${view.productVersion}: nothing of it is live.`,
      `${view.records} records${view.from === null ? '' : `, from ${view.from} to ${view.to}`}.`,
      ...view.lacks,
    ];
    const asked = { ...place, name: userInfo().username, wallTime: new Date().toISOString() };
    const at = command.at ?? view.to;
    const shown = await showPast({ ...command, at }, bundle.value, asked);
    if (!shown.ok) return shown;
    const { lines, data, ...rest } = shown.value;
    const chains = command.formats.length > 0 ? [] : chainLines(bundle.value.chains);
    return succeed({
      ...rest,
      isUnbroken: rest.isUnbroken && bundle.value.chains.every(({ verdict }) => verdict !== 'broken'),
      lines: [...head, ...chains, '', ...lines],
      data: { bundle: view, ...data },
    });
  } finally {
    database.close();
  }
}

interface Asked {
  readonly consoleVersion: string;
  readonly signal: AbortSignal;
  /** Who asks. */
  readonly name: string;
  readonly wallTime: string;
}

function showPast(
  command: HistoryCommand,
  source: HistorySource,
  asked: Asked,
): Promise<Result<ShownHistory, ProductError>> {
  if (command.formats.length > 0) return writeExports(command, source, asked);
  const at = command.at ?? asked.wallTime;
  if (command.and !== null) {
    const between = siteBetween(source, at, command.and);
    const lines = differenceLines(between.difference, between.leftOut);
    return Promise.resolve(succeed({ isUnbroken: true, lines, data: between }));
  }
  const then = siteAt(source, at);
  return Promise.resolve(succeed({ isUnbroken: true, lines: siteThenLines(then), data: { site: then } }));
}

async function writeExports(
  { from, to, cluster, formats, out }: HistoryCommand,
  source: HistorySource,
  { consoleVersion, signal, name, wallTime }: Asked,
): Promise<Result<ShownHistory, ProductError>> {
  const order = { from, to, clusters: cluster === null ? [] : [cluster] };
  const made = exportHistory(source, order, { madeAt: wallTime, madeBy: name, consoleVersion });
  if (!made.ok) return made;
  const folder = resolve(out ?? '.');
  if (!existsSync(folder)) {
    const failed = await mkdir(folder, { recursive: true }).then(
      () => null,
      ({ code }: NodeJS.ErrnoException) => code ?? 'unknown cause',
    );
    if (failed !== null)
      return fail(productError('report.not-written', `${folder} cannot be made (${failed}).`));
  }
  const files: string[] = [];
  for (const format of formats) {
    const path = join(folder, exportName(made.value, format));
    const text = format === 'json' ? exportJson(made.value) : exportCsv(made.value);
    const written = await writeNewFile(path, text, signal);
    if (!written.ok) return fail(productError('report.not-written', written.error));
    files.push(path);
  }
  const chains = verifyChains(source.database, order);
  return succeed({
    isUnbroken: chains.every(({ verdict }) => verdict !== 'broken'),
    lines: [
      `${made.value.records.length} records of ${source.name}.`,
      ...chainLines(chains),
      ...files.map((path) => `Written: ${path}`),
    ],
    data: { records: made.value.records.length, chains, files },
  });
}

function chainLines(chains: readonly JournalChain[]): string[] {
  return chains.flatMap((chain) => [
    `${chain.cluster} on ${chain.server}${chain.life > 1 ? ` (journal ${chain.life})` : ''}: ${chainSentence(chain)}`,
    ...chain.breaks.map(({ sentence }) => `  ${sentence}`),
  ]);
}
