import ssh2, {
  type AuthContext,
  type KeyboardAuthContext,
  type PasswordAuthContext,
  type PublicKeyAuthContext,
} from 'ssh2';

/** Whom the test server lets in, and after what. */
export interface SignInOptions {
  readonly user?: string;
  readonly password?: string;
  /** Public keys let in, as `ssh2.utils.generateKeyPairSync` gives them. */
  readonly publicKeys?: readonly string[];
  /** Asked by keyboard-interactive, one round after the other, instead of a bare password. */
  readonly questions?: readonly Question[];
  /** A right key is not enough alone: the questions follow. */
  readonly keyThenQuestions?: boolean;
  /** Demands a new password instead of taking the right one. */
  readonly passwordExpired?: boolean;
}

interface Question {
  readonly instructions?: string;
  readonly prompts: readonly { readonly prompt: string; readonly echo: boolean }[];
  readonly answers: readonly string[];
}

type Method = 'publickey' | 'password' | 'keyboard-interactive';

/** Answers one request to be let in. */
export function judgeSignIn(context: AuthContext, options: SignInOptions): void {
  const isKnown = context.username === (options.user ?? 'root');
  if (isKnown && context.method === 'publickey') return judgeKey(context, options);
  if (isKnown && context.method === 'password') return judgePassword(context, options);
  if (isKnown && context.method === 'keyboard-interactive') return ask(context, options, 0);
  context.reject(methodsOf(options));
}

function judgeKey(context: PublicKeyAuthContext, options: SignInOptions): void {
  const isRight = (options.publicKeys ?? []).some((text) => {
    const key = ssh2.utils.parseKey(text);
    return !(key instanceof Error) && key.getPublicSSH().equals(context.key.data);
  });
  if (!isRight) return context.reject(methodsOf(options));
  // Without a signature it only asks whether this key would do.
  if (context.signature !== undefined && options.keyThenQuestions) {
    return context.reject(['keyboard-interactive'], true);
  }
  context.accept();
}

function judgePassword(context: PasswordAuthContext, options: SignInOptions): void {
  if (options.questions || context.password !== options.password) return context.reject(methodsOf(options));
  if (!options.passwordExpired) return context.accept();
  context.requestChange('Your password has expired.', () => context.reject());
}

function ask(context: KeyboardAuthContext, options: SignInOptions, round: number): void {
  if (!options.questions) return context.reject(methodsOf(options));
  const question = options.questions[round];
  if (!question) return context.accept();
  context.prompt([...question.prompts], 'Sign-in', question.instructions ?? '', (answers) => {
    if (question.answers.every((answer, index) => answers[index] === answer))
      ask(context, options, round + 1);
    else context.reject(methodsOf(options));
  });
}

function methodsOf(options: SignInOptions): Method[] {
  if (options.keyThenQuestions) return ['publickey'];
  return options.questions ? ['publickey', 'keyboard-interactive'] : ['publickey', 'password'];
}
