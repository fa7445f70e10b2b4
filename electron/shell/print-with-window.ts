import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { productError } from '../../shared/errors.ts';
import { fail, succeed } from '../../shared/result.ts';
import type { PrintPdf } from '../host/report/report-file.ts';
import { printPage } from './console-window.ts';
import type { ElectronApi } from './electron-api.ts';

/** Prints reports with the desktop shell's own engine; the page lies in a folder of this call alone. */
export function printWithWindow(electron: Pick<ElectronApi, 'BrowserWindow'>): PrintPdf {
  return async (html) => {
    let folder: string | null = null;
    try {
      folder = await mkdtemp(join(tmpdir(), 'ixha-print-'));
      const file = join(folder, 'report.html');
      await writeFile(file, html, { mode: 0o600 });
      return succeed(await printPage(electron, file));
    } catch (cause) {
      const sentence = `The report could not be printed: ${(cause as Error).message}.`;
      return fail(productError('report.not-printed', sentence));
    } finally {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    }
  };
}
