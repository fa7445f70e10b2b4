import { randomUUID } from 'node:crypto';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import type { HostTime } from '../host-time.ts';
import { answerWithinMs } from '../ssh/questions.ts';
import type { AnswerQuestion, SshQuestion } from '../ssh/server-connection.ts';

interface Open {
  readonly id: string;
  readonly question: SshQuestion;
  readonly askedAtMs: number;
  readonly settle: (answers: readonly string[] | undefined) => void;
}

/** What servers ask while the console signs in, until somebody answers on the page or the time is over. */
export class SetupQuestions {
  readonly #ports: { readonly time: Pick<HostTime, 'bootMs'>; readonly onNews: () => void };
  #open: readonly Open[] = [];

  constructor(ports: { readonly time: Pick<HostTime, 'bootMs'>; readonly onNews: () => void }) {
    this.#ports = ports;
  }

  /** Puts a question to the page. Undefined: nobody has answered it. */
  readonly ask: AnswerQuestion = (question, signal) => {
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const id = randomUUID();
      const settle = (answers: readonly string[] | undefined) => {
        this.#open = this.#open.filter((one) => one.id !== id);
        this.#ports.onNews();
        resolve(answers);
      };
      signal.addEventListener('abort', () => settle(undefined), { once: true });
      this.#open = [...this.#open, { id, question, askedAtMs: this.#ports.time.bootMs(), settle }];
      this.#ports.onNews();
    });
  };

  /** False: nobody waits for this answer any more. */
  answer(id: string, answers: readonly string[] | null): boolean {
    const open = this.#open.find((one) => one.id === id);
    open?.settle(answers ?? undefined);
    return open !== undefined;
  }

  endAll(): void {
    for (const { settle } of this.#open) settle(undefined);
  }

  view(): SetupView['questions'] {
    const now = this.#ports.time.bootMs();
    return this.#open.map(({ id, question, askedAtMs }) => ({
      id,
      server: question.server,
      user: question.user,
      instructions: question.instructions,
      prompts: question.prompts.map(({ text, hidden }) => ({ text, hidden })),
      sinceMs: now - askedAtMs,
      withinMs: answerWithinMs,
    }));
  }
}
