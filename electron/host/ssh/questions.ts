import type { SshPlace, SshQuestion } from './server-connection.ts';

/** A server ends a sign-in that takes longer (OpenSSH: LoginGraceTime). */
export const answerWithinMs = 120_000;
const longestText = 2000;

/** Asks whoever answers for this target. Undefined when nobody does, or not in time. */
export async function askPerson(
  target: SshPlace,
  question: SshQuestion,
): Promise<readonly string[] | undefined> {
  if (!target.answer) return undefined;
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), answerWithinMs);
  try {
    const aborted = new Promise<undefined>((resolve) =>
      ended.signal.addEventListener('abort', () => resolve(undefined)),
    );
    const answers = await Promise.race([target.answer(question, ended.signal), aborted]);
    return answers?.length === question.prompts.length ? answers : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Text of a server as it may be shown: no control characters, no colours, no end that never comes. */
export function plainText(text: string): string {
  return text
    .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longestText);
}
