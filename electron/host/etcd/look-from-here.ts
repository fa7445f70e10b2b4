import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { EtcdLook, type EtcdLookOrder } from '../../../shared/site/etcd-look.ts';
import { runHere } from '../run-here.ts';

/** Tries an etcd as a member would. Errors: etcd.not-looked-at (the try itself did not work). */
export type LookAtEtcd = (order: EtcdLookOrder) => Promise<Result<EtcdLook, ProductError>>;

const lookWithinMs = 60_000;

/** The real one: the agent's own program, run on this workstation. Secrets travel on its standard input only. */
export function lookFromHere(program: { readonly node: string; readonly agent: string }): LookAtEtcd {
  return async (order) => {
    const words = [program.agent, 'look-at-etcd'];
    const { code, out, said } = await runHere(program.node, words, JSON.stringify(order), lookWithinMs);
    const look = z.safeParse(EtcdLook, parseJson(out));
    if (code === 0 && look.success) return succeed(look.data);
    const lines = said.split('\n').filter((line) => line.trim() !== '');
    return fail(
      productError('etcd.not-looked-at', 'This workstation could not try the etcd.', lines.slice(-3)),
    );
  };
}
