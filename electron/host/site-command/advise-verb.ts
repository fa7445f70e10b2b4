import { readFile, stat } from 'node:fs/promises';
import { compareDesigns } from '../../../shared/advisor/comparison.ts';
import { knownSituation } from '../../../shared/advisor/known.ts';
import { readAnswers } from '../../../shared/advisor/read-answers.ts';
import { recommend } from '../../../shared/advisor/recommend.ts';
import { recommendationLines } from '../../../shared/advisor/told-lines.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';

const mostBytes = 4 * 1024 * 1024;

/** `site advise`: which design fits the answers of a file. `say` gets the whole of it for programs. */
export async function advise(
  { file, json }: { readonly file: string; readonly json: boolean },
  say: (advice: unknown) => void,
): Promise<Result<string[], ProductError[]>> {
  const text = await readText(file);
  if (!text.ok) return fail([text.error]);
  const answers = readAnswers(text.value, file);
  if (!answers.ok) return fail([answers.error]);
  const recommendation = recommend(answers.value);
  if (!json) return succeed(recommendationLines(answers.value, recommendation));
  say({ recommendation, comparison: compareDesigns(knownSituation(answers.value)) });
  return succeed([]);
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
