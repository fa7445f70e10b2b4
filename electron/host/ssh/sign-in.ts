import type { AuthHandlerMiddleware, AuthenticationType, NextAuthHandler, Prompt } from 'ssh2';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { UsableKey } from './private-key.ts';
import { askPerson, plainText } from './questions.ts';
import type { SshPlace } from './server-connection.ts';
import { where } from './ssh-errors.ts';
import type { TimeLimit } from './time-limit.ts';

export type Attempt = 'publickey' | 'agent' | 'keyboard-interactive' | 'password';

type Credentials = Pick<SshPlace, 'password' | 'sshAgent' | 'answer'> & { readonly hasKey: boolean };

/**
 * What is tried, in order: the named key before those of the SSH agent, because a server ends the
 * sign-in after a few refused keys. Where somebody answers, the server's own questions come before the
 * bare password; otherwise after it.
 */
export function attemptsOf(credentials: Credentials): Attempt[] {
  const byQuestions = credentials.answer !== undefined || credentials.password !== undefined;
  const password: Attempt[] = credentials.password === undefined ? [] : ['password'];
  const questions: Attempt[] = byQuestions ? ['keyboard-interactive'] : [];
  return [
    ...(credentials.hasKey ? (['publickey'] as const) : []),
    ...(credentials.sshAgent === undefined ? [] : (['agent'] as const)),
    ...(credentials.answer ? [...questions, ...password] : [...password, ...questions]),
  ];
}

interface Tried {
  readonly attempt: Attempt;
  outcome: 'asked' | 'refused' | 'part';
}

/**
 * The next thing to try with what the server still accepts; undefined when nothing is left. A password
 * that was refused is not sent a second way: each try may lock the account.
 */
export function nextAttempt(
  attempts: readonly Attempt[],
  tried: readonly Readonly<Tried>[],
  accepted: readonly string[],
): Attempt | undefined {
  const refused = new Set(tried.filter((one) => one.outcome === 'refused').map((one) => one.attempt));
  const passwordGone = refused.has('password') || refused.has('keyboard-interactive');
  return attempts.find((attempt) => {
    if (tried.some((one) => one.attempt === attempt)) return false;
    if ((attempt === 'password' || attempt === 'keyboard-interactive') && passwordGone) return false;
    return accepted.includes(attempt === 'agent' ? 'publickey' : attempt);
  });
}

/** One sign-in: decides what is tried, answers questions, and knows why nothing helped. */
export class SignIn {
  readonly #target: SshPlace;
  readonly #key: UsableKey | undefined;
  readonly #attempts: readonly Attempt[];
  readonly #tried: Tried[] = [];
  #accepted: readonly string[] = [];
  #begun = false;
  #passwordGiven = false;
  #unanswered: string | undefined;
  agentTrouble: string | undefined;
  /** Stands still while a person is asked. */
  limit: TimeLimit | undefined;
  /** Ends the whole connection with this error. */
  giveUp: (error: ProductError) => void = () => undefined;

  constructor(target: SshPlace, key: UsableKey | undefined) {
    this.#target = target;
    this.#key = key;
    this.#attempts = attemptsOf({ ...target, hasKey: key !== undefined });
  }

  readonly handler: AuthHandlerMiddleware = (left, partial, next) => {
    // Asking for nothing first makes the server say what it accepts; it does not count as a try.
    if (!this.#begun) {
      this.#begun = true;
      next({ type: 'none', username: this.#target.user });
      return;
    }
    this.#learn(left, partial);
    const attempt = nextAttempt(this.#attempts, this.#tried, this.#accepted);
    if (attempt === undefined) {
      next(false as never);
      return;
    }
    this.#tried.push({ attempt, outcome: 'asked' });
    this.#begin(attempt, next);
  };

  /** Why nobody was let in. */
  refusal(): ProductError {
    const { name, user } = this.#target;
    const by = (outcome: Tried['outcome']) =>
      this.#tried.filter((one) => one.outcome === outcome).map((one) => this.#shown(one.attempt));
    const [refused, part] = [by('refused'), by('part')];
    const untried = this.#accepted.filter((method) => !this.#attempts.some((one) => wire(one) === method));
    const details = [
      ...(refused.length > 0 ? [`refused: ${refused.join(', ')}`] : []),
      ...(part.length > 0 ? [`accepted, but not enough alone: ${part.join(', ')}`] : []),
      ...(this.#unanswered === undefined ? [] : [`asked, and nobody answered: ${this.#unanswered}`]),
      ...(this.agentTrouble === undefined ? [] : [`the SSH agent does not help: ${this.agentTrouble}`]),
      ...(untried.length > 0 ? [`the server would accept: ${untried.join(', ')}`] : []),
    ];
    const next =
      this.#unanswered === undefined
        ? undefined
        : this.#target.answer
          ? `Try again, and answer what ${name} asks within two minutes.`
          : `Answer what ${name} asks: start the command again in a terminal with --ask.`;
    return productError(
      'ssh.authentication',
      `${where(this.#target)} does not let ${user} in.`,
      details,
      next,
    );
  }

  #learn(left: readonly AuthenticationType[] | null, partial: boolean | null): void {
    const last = this.#tried.at(-1);
    if (last?.outcome === 'asked') last.outcome = partial === true ? 'part' : 'refused';
    if (left !== null) this.#accepted = left.map((method) => plainText(method));
  }

  #begin(attempt: Attempt, next: NextAuthHandler): void {
    const username = this.#target.user;
    switch (attempt) {
      case 'publickey':
        return next({ type: 'publickey', username, key: this.#key!.key });
      case 'agent':
        return next({ type: 'agent', username, agent: this.#target.sshAgent! });
      case 'password':
        return next({ type: 'password', username, password: this.#target.password! });
      case 'keyboard-interactive':
        return next({
          type: 'keyboard-interactive',
          username,
          prompt: (title, instructions, _language, prompts, finish) =>
            void this.#answer(`${title} ${instructions}`, prompts, finish),
        });
    }
  }

  async #answer(
    said: string,
    prompts: readonly Prompt[],
    finish: (answers: string[]) => void,
  ): Promise<void> {
    const { name, user, password } = this.#target;
    const asked = prompts.map(({ prompt, echo }) => ({ text: plainText(prompt), hidden: echo !== true }));
    const words = asked.map((one) => one.text).join(' ');
    if (asksForNewPassword(words))
      return this.giveUp(passwordExpired(this.#target, [plainText(said), words]));
    if (password !== undefined && !this.#passwordGiven && isPasswordQuestion(asked)) {
      this.#passwordGiven = true;
      return finish([password]);
    }
    this.limit?.pause();
    const question = { server: name, user, instructions: plainText(said), prompts: asked };
    const answers = await askPerson(this.#target, question);
    this.limit?.resume();
    if (answers !== undefined) return finish([...answers]);
    this.#unanswered = asked.map((one) => `“${one.text}”`).join(', ');
    // Nothing is sent instead of an answer: an empty one would count as a wrong one.
    this.giveUp(this.refusal());
  }

  #shown(attempt: Attempt): string {
    if (attempt === 'publickey') return `the key ${this.#key!.shown}`;
    return attempt === 'agent' ? 'every key of the SSH agent' : attempt;
  }
}

function wire(attempt: Attempt): string {
  return attempt === 'agent' ? 'publickey' : attempt;
}

function isPasswordQuestion(asked: readonly { readonly text: string; readonly hidden: boolean }[]): boolean {
  return asked.length === 1 && asked[0]!.hidden && /^(?!.*one.?time).*pass ?word/i.test(asked[0]!.text);
}

function asksForNewPassword(words: string): boolean {
  return /\b(new|retype|current|old)\b.*pass ?word/i.test(words);
}

/** A password that its server no longer takes until it is changed. Nothing is changed by us. */
export function passwordExpired(
  target: Pick<SshPlace, 'name' | 'user' | 'address' | 'port'>,
  said: string[],
) {
  const message = `${where(target)} demands a new password of ${target.user}.`;
  return productError('ssh.password-expired', message, said.filter(Boolean));
}
