import { spawn } from 'node:child_process';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { EtcdLook, type EtcdLookOrder } from '../../../shared/site/etcd-look.ts';

/** Tries an etcd as a member would. Errors: etcd.not-looked-at (the try itself did not work). */
export type LookAtEtcd = (order: EtcdLookOrder) => Promise<Result<EtcdLook, ProductError>>;

const lookWithinMs = 60_000;
const longestAnswer = 1024 * 1024;

/** The real one: the agent's own program, run on this workstation. Secrets travel on its standard input only. */
export function lookFromHere(program: { readonly node: string; readonly agent: string }): LookAtEtcd {
  return async (order) => {
    const { code, out, said } = await run(
      program.node,
      [program.agent, 'look-at-etcd'],
      JSON.stringify(order),
    );
    const look = z.safeParse(EtcdLook, parseJson(out));
    if (code === 0 && look.success) return succeed(look.data);
    const lines = said.split('\n').filter((line) => line.trim() !== '');
    return fail(
      productError('etcd.not-looked-at', 'This workstation could not try the etcd.', lines.slice(-3)),
    );
  };
}

function run(
  command: string,
  words: readonly string[],
  input: string,
): Promise<{ readonly code: number | null; readonly out: string; readonly said: string }> {
  return new Promise((resolve) => {
    // Nothing else of the environment: it may name things that the program would obey.
    const child = spawn(command, [...words], {
      env: { PATH: process.env['PATH'] },
      timeout: lookWithinMs,
      stdio: 'pipe',
    });
    let out = '';
    let said = '';
    child.stdout.on(
      'data',
      (part: Buffer) => (out = `${out}${part.toString('utf8')}`.slice(0, longestAnswer)),
    );
    child.stderr.on('data', (part: Buffer) => (said = `${said}${part.toString('utf8')}`.slice(-4_000)));
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => resolve({ code: null, out: '', said: error.message }));
    child.on('close', (code) => resolve({ code, out, said }));
    child.stdin.end(input);
  });
}
