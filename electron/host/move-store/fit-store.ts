import { productError, type ProductError } from '../../../shared/errors.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { etcdMoveErrors, fitEtcd } from '../install/etcd-store.ts';
import type { Prepared } from '../install/prepare-site.ts';
import { recorded } from '../install/transcript.ts';
import { runPreflight } from '../preflight/run-preflight.ts';
import { askMembers } from '../upgrade/ask-site.ts';
import type { MoveScene } from './move-cluster.ts';
import type { MoveInputs } from './move-inputs.ts';

/** Every reason why the next store cannot keep the leases: tried from every member, before anything is changed. */
export async function fitStore(
  inputs: MoveInputs,
  scene: MoveScene,
  { works, etcd }: Prepared,
): Promise<Result<void, ProductError[]>> {
  const { to: site, record } = scene;
  if (etcd !== null) {
    const belongs = await storesOf(scene);
    const members = scene.works;
    return fitEtcd({ site, secrets: etcd, works: members, record }, (looks) =>
      etcdMoveErrors(site, looks, belongs),
    );
  }
  const witness = works.find(({ wanted }) => wanted.isWitness)!.wanted.server;
  let checks: readonly PreflightCheck[] = [];
  const looked = await recorded(
    record,
    witness.id,
    'fit to keep the leases, and reached by every member',
    async () => {
      const outcome = await runPreflight({
        servers: works.map(({ wanted: expected }) => ({
          expected,
          target: () => inputs.target(expected.server),
        })),
        connect: inputs.connect,
        wallMs: () => Date.parse(inputs.wallTime()),
        signal: new AbortController().signal,
      });
      checks = outcome.checks;
      const [first] = storeErrors(checks, witness.name);
      return first === undefined ? succeed(false) : fail(first);
    },
  );
  return looked.ok ? succeed(undefined) : fail(storeErrors(checks, witness.name));
}

/** What failed of what concerns the server of the next store: itself, its clock, and the ways to it. Pure. */
export function storeErrors(checks: readonly PreflightCheck[], store: string): ProductError[] {
  return checks
    .filter(({ verdict, subject }) => verdict === 'failed' && subject.split(/ → |, /).includes(store))
    .map(({ subject, what, finding, evidence, remedy }) =>
      productError('move.refused', `${subject}: ${what}: ${finding}.`, evidence, remedy ?? undefined),
    );
}

async function storesOf({ ask, to }: MoveScene): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = await Promise.all(
    to.clusters.map(async ({ id }) => {
      const members = await askMembers(ask, to, id);
      return [id, new Set(members.flatMap(({ snapshot }) => snapshot?.store.storeId ?? []))] as const;
    }),
  );
  return new Map(found);
}
