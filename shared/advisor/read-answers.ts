import * as z from 'zod/mini';
import { productError, type ProductError } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import { fail, succeed, type Result } from '../result.ts';
import { AdvisorAnswers } from './answers.ts';
import { answerProblems } from './problems.ts';

const next = 'Correct the file. What it may hold is told in docs/advisor.md.';

/** Answers from the text of a file. Errors: request.invalid, with every answer that cannot be used. Pure. */
export function readAnswers(text: string, file: string): Result<AdvisorAnswers, ProductError> {
  const value = parseJson(text);
  if (value === undefined) return refuse(`${file} is not valid JSON.`, []);
  const parsed = z.safeParse(AdvisorAnswers, value);
  if (!parsed.success) {
    const broken = parsed.error.issues.map(issueSays);
    return refuse(`${file} holds something that is no answer.`, broken.slice(0, 20));
  }
  const problems = answerProblems(parsed.data);
  if (problems.length === 0) return succeed(parsed.data);
  return refuse(
    `${file} has answers that cannot be used.`,
    problems.map(({ says }) => says),
  );
}

function refuse(said: string, details: readonly string[]): Result<never, ProductError> {
  return fail(productError('request.invalid', said, details, next));
}

/** What is wrong with one field, in words: the answers of a choice are named. */
function issueSays(issue: z.core.$ZodIssue): string {
  const at = issue.path.map(String).join('.') || 'The file';
  switch (issue.code) {
    case 'unrecognized_keys': {
      const where = issue.path.length === 0 ? '' : `${at}.`;
      return issue.keys.map((key) => `${where}${key} is no question of the advisor.`).join(' ');
    }
    case 'invalid_value':
      return `${at} must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'invalid_type':
      return `${at} must be ${issue.expected === 'object' || issue.expected === 'array' ? 'an' : 'a'} ${issue.expected}.`;
    case 'too_big':
      return `${at} has more than ${issue.maximum} entries.`;
    default:
      return `${at} holds something that is no answer.`;
  }
}
