/**
 * Reads the engine's own message logs, only when somebody asks. Every read is a child process with a limit, since the
 * directory may hang; what it prints is followed piece by piece and never kept as a whole. The lease loop does not know
 * of it.
 */
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { EngineLogAnswer, LoggedRun, RunRead } from '../../shared/agent-api/engine-log.ts';
import { LogFollower, type Waiting } from '../../shared/engine-log/follow-log.ts';
import { messageLogForm, parseLogLine, readMessageLogName } from '../../shared/engine-log/log-line.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { readScript } from '../services/run-program.ts';
import type { EngineCapability } from '../engines/engine-adapter.ts';

/** So much of each side of a move: some thousand messages. */
const bytesRead = 512 * 1024;
/** Of the file's beginning, where only its end is read otherwise: its first line tells who has written it. */
const headBytes = 1024;
/** Of one call of the script. */
const limitMs = 3_000;
/** A line is far shorter; a longer one is of no form that is known. */
const lineCharacters = 2_000;
/** A move is looked at again and again by several consoles: within this time they get the same answer. */
const freshMs = 1_000;
/** Reads of several epochs wait for each other; whoever would be one more is told to ask again. */
const waitingAtMost = 4;

interface LogFile {
  readonly name: string;
  readonly bytes: number;
  readonly generation: number;
  readonly part: number;
}

export class EngineLogReader {
  private readonly about: Pick<MemberConfig, 'cluster' | 'server'>;
  private readonly directory: string;
  private readonly script: string;
  private readonly runScript: typeof readScript;
  private readonly monotonicMs: () => number;
  /** One at a time: whoever asks meanwhile for another epoch waits. */
  private queue: Promise<unknown> = Promise.resolve();
  /** By epoch, under way. */
  private readonly reading = new Map<number, Promise<EngineLogAnswer>>();
  private last: { readonly atMs: number; readonly answer: EngineLogAnswer } | null = null;
  /** Processes that were killed at their limit and hang in the directory all the same. */
  private hanging = 0;
  private found: Pick<EngineCapability, 'present' | 'shape'> = {
    present: null,
    shape: 'looked at only when a move is verified',
  };

  constructor(config: MemberConfig, runScript: typeof readScript, monotonicMs: () => number) {
    this.about = { cluster: config.cluster, server: config.server };
    this.directory = config.engine.workingDirectory;
    this.script = join(config.paths.scripts, 'engine-log.sh');
    this.runScript = runScript;
    this.monotonicMs = monotonicMs;
  }

  /** What is known of the logs of this engine's version, as one of its capabilities. */
  capability(): EngineCapability {
    return { call: 'logt/messages-*.log', documented: false, ...this.found };
  }

  /** The end of what was logged before the epoch, and the beginning of what was under it. Never rejects. */
  read(epoch: number): Promise<EngineLogAnswer> {
    const { last } = this;
    if (last?.answer.epoch === epoch && this.monotonicMs() - last.atMs < freshMs)
      return Promise.resolve(last.answer);
    const underWay = this.reading.get(epoch);
    if (underWay !== undefined) return underWay;
    if (this.reading.size >= waitingAtMost)
      return Promise.resolve(this.none(epoch, 'too many others ask for it at the same time'));
    const answer = this.queue.then(async () => {
      const found = await this.readNow(epoch);
      this.reading.delete(epoch);
      this.last = { atMs: this.monotonicMs(), answer: found };
      return found;
    });
    this.queue = answer;
    this.reading.set(epoch, answer);
    return answer;
  }

  private none(epoch: number, why: string): EngineLogAnswer {
    const none = { run: null, why };
    return { ...this.about, epoch, before: none, after: none };
  }

  private async readNow(epoch: number): Promise<EngineLogAnswer> {
    const listed = await this.list();
    if (!listed.ok) return this.none(epoch, listed.error);
    const earlier = listed.value.filter(({ generation }) => generation < epoch);
    const newest = Math.max(...earlier.map(({ generation }) => generation));
    const ended = earlier.findLast((file) => file.generation === newest && file.bytes > 0);
    const before = await this.readRun(ended, 'tail', new Map());
    const begun = listed.value.find(({ generation }) => generation === epoch);
    const after = await this.readRun(begun, 'head', before.waiting);
    return { ...this.about, epoch, before: before.read, after: after.read };
  }

  private async list(): Promise<Result<LogFile[], string>> {
    let text = '';
    const done = await this.call(['list', this.directory], (part) => (text += part.toString('utf8')));
    if (!done.ok) {
      this.found = { present: null, shape: done.error };
      return done;
    }
    const files = [...text.matchAll(/^file (\d{1,15}) (\S{1,100})$/gm)]
      .flatMap(([, bytes, name = '']) => {
        const named = readMessageLogName(name);
        return named === null ? [] : [{ name, bytes: Number(bytes), ...named }];
      })
      .sort((one, other) => one.generation - other.generation || one.part - other.part);
    if (files.length > 0) return succeed(files);
    const others = Number(/^other (\d+)$/m.exec(text)?.[1] ?? 0);
    const why =
      others === 0
        ? 'the engine has written no message log'
        : `the engine’s logs are of a form that is not known here (${others} files)`;
    this.found = { present: others === 0 ? false : null, shape: why };
    return fail(why);
  }

  private async readRun(
    file: LogFile | undefined,
    side: 'head' | 'tail',
    carried: Waiting,
  ): Promise<{ readonly read: RunRead; readonly waiting: Waiting }> {
    const none = (why: string) => ({ read: { run: null, why }, waiting: new Map() });
    if (file === undefined)
      return none(
        side === 'tail' ? 'nothing that was logged before is there any more' : 'nothing was logged since',
      );
    const follower = new LogFollower(carried);
    const cut = file.bytes > bytesRead;
    if (side === 'tail' && cut) {
      const head = await this.follow(file, 'head', headBytes, (line) =>
        follower.takeHead(parseLogLine(line)),
      );
      if (!head.ok) return none(head.error);
    }
    // The first line of an end that was cut out is a piece of one.
    let skip = side === 'tail' && cut ? 1 : 0;
    const read = await this.follow(file, side, bytesRead, (line) => {
      if (skip === 0) follower.take(line.length > lineCharacters ? null : parseLogLine(line));
      else skip -= 1;
    });
    if (!read.ok) return none(read.error);
    const run = follower.run({ beyond: side === 'head' && cut });
    if (run === null) return none(this.unknownForm());
    this.note(run);
    return { read: { run, why: null }, waiting: follower.waiting() };
  }

  private unknownForm(): string {
    const why = 'its first line is of no form that is known here';
    this.found = { present: null, shape: why };
    return why;
  }

  private note({ damaged }: LoggedRun): void {
    const holes = damaged === 0 ? '' : `, ${damaged} damaged lines`;
    this.found = { present: true, shape: `${messageLogForm}: component, number, id, time${holes}` };
  }

  /** Whole lines only: what a crash has torn, or the limit has cut, was never told as written. */
  private async follow(
    { name }: LogFile,
    side: 'head' | 'tail',
    bytes: number,
    take: (line: string) => void,
  ): Promise<Result<void, string>> {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const done = await this.call([side, this.directory, name, String(bytes)], (part) => {
      const lines = (rest + decoder.write(part)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    return done;
  }

  private async call(args: readonly string[], take: (part: Buffer) => void): Promise<Result<void, string>> {
    if (this.hanging > 0) return fail(`${this.directory} does not answer: the last look hangs in it`);
    const done = await this.runScript(this.script, args, limitMs, take);
    if (done.left !== null) {
      this.hanging += 1;
      void done.left.then(() => {
        this.hanging -= 1;
      });
    }
    if (done.timedOut) return fail(`${this.directory} did not answer within ${limitMs / 1000} s`);
    if (done.code === 0) return succeed(undefined);
    return fail(done.output.trim().split('\n')[0]?.slice(0, 200) || 'the log could not be read');
  }
}
