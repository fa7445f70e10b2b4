import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { AnswerQuestion } from '../ssh/server-connection.ts';

/** Where a person can be asked: standard input and error, when both are a terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks one question after the other, though servers are reached in parallel. What is hidden is not
 * echoed. Ctrl+C and the end of the input answer nothing.
 */
export function askAtTerminal(terminal: Terminal): AnswerQuestion {
  let last: Promise<unknown> = Promise.resolve();
  return (question, signal) => {
    const turn = last.then(async () => {
      if (signal.aborted) return undefined;
      const { server, user, instructions } = question;
      terminal.output.write(`${server} asks ${user}: ${instructions}\n`);
      const answers: string[] = [];
      for (const prompt of question.prompts) {
        const answer = await askOne(terminal, prompt, signal);
        if (answer === undefined) return undefined;
        answers.push(answer);
      }
      return answers;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** What a person types without its being shown; undefined when the input ends. */
export function askHidden(terminal: Terminal, text: string): Promise<string | undefined> {
  return askOne(terminal, { text, hidden: true }, new AbortController().signal);
}

async function askOne(
  { input, output }: Terminal,
  { text, hidden }: { readonly text: string; readonly hidden: boolean },
  signal: AbortSignal,
): Promise<string | undefined> {
  output.write(`${text} `);
  const echo = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : output;
  const lines = createInterface({ input, output: echo, terminal: true });
  try {
    const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
    return await Promise.race([lines.question('', { signal }), ended]);
  } catch {
    return undefined;
  } finally {
    lines.close();
    if (hidden) output.write('\n');
  }
}
