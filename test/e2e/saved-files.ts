import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';

export interface SavedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** What the page offers to save when that is done. */
export async function saved(page: Page, act: () => Promise<void>): Promise<SavedFile> {
  const offered = page.waitForEvent('download').catch(() => null);
  await act();
  const download = await offered;
  if (download !== null)
    return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
  const alerts = await page.getByRole('alert').allInnerTexts();
  throw new Error(`nothing was offered to save; the page says: ${alerts.join(' ') || 'nothing'}`);
}

/** The report of this page in one format, chosen in its menu: `PDF A4`, `CSV 89 checks`. */
export function savedReport(page: Page, item: RegExp): Promise<SavedFile> {
  return saved(page, async () => {
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Export', exact: true, disabled: false, expanded: false }).click();
    await page.getByRole('menuitem', { name: item }).click();
  });
}

/** A page of ours as a reader sees it, opened in a tab of its own. */
export async function textOfPage(page: Page, html: string): Promise<string> {
  const tab = await page.context().newPage();
  try {
    await tab.setContent(html);
    return await tab.locator('body').innerText();
  } finally {
    await tab.close();
  }
}

/** The words of a PDF in the order in which they are printed. */
export function textOfPdf(folder: string, pdf: Buffer): string {
  const path = join(folder, 'read.pdf');
  writeFileSync(path, pdf);
  return execFileSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
}

/** What a PDF gives to a reader that speaks, and to one that looks for a section. */
export function structureOfPdf(folder: string, pdf: Buffer) {
  const path = join(folder, 'read.pdf');
  writeFileSync(path, pdf);
  const told = (...words: string[]) => execFileSync('pdfinfo', [...words, path], { encoding: 'utf8' });
  return {
    tagged: /^Tagged: +yes$/m.test(told()),
    headings: /^ *H1/m.test(told('-struct')) && /^ *H2/m.test(told('-struct')),
    outline: pdf.includes('/Outlines'),
  };
}

/** Text without what lines and pages do to it: blanks, ligatures. */
export function squeezed(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '');
}
