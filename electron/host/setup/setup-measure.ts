import type { ProductError } from '../../../shared/errors.ts';
import { productError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { DraftServer, SetupDraft } from '../../../shared/setup/draft.ts';
import type { NotedTimes } from '../../../shared/preflight/engine-times-check.ts';
import { draftDirectory } from '../../../shared/setup/draft-storage.ts';
import { isServiceUnit } from '../../../shared/setup/gaps.ts';
import { isAddress } from '../../../shared/setup/site-from-draft.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import type { MeasuredTimes } from '../../../shared/setup/measured-times.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';
import type { ConnectServer } from '../install/server-work.ts';
import type { SignInHelp } from '../install/ssh-targets.ts';
import { outputOf, type ServerConnection } from '../ssh/server-connection.ts';
import { draftTarget } from './draft-target.ts';
import { engineTimes, notedTimes } from './engine-times.ts';
import { measuredTimes, measureScript, readSamples } from './measure-script.ts';
import type { SetupSecrets } from './setup-secrets.ts';
import { WorkState, type WorkPorts } from './setup-work.ts';

export interface MeasurePorts {
  /** How long a measurement lasts. */
  readonly seconds: number;
}

interface SetupMeasurePorts extends WorkPorts {
  readonly measure: MeasurePorts;
  readonly connect: ConnectServer;
  readonly help: SignInHelp;
  readonly secrets: SetupSecrets;
}

type Samples = Map<string, number[]>;

/** Measures on the servers what the choice of a timing rests on. Engines are not touched. */
export class SetupMeasure {
  readonly #ports: SetupMeasurePorts;
  readonly #work: WorkState;
  #times: MeasuredTimes = nothingMeasured;
  #engineSource: string | null = null;

  constructor(ports: SetupMeasurePorts) {
    this.#ports = ports;
    this.#work = new WorkState(ports);
  }

  /** Starts a measurement on all members and on the lease store's server at once. */
  start(draft: SetupDraft): void {
    const { seconds } = this.#ports.measure;
    this.#work.begin(`Measuring for ${seconds} s on every server`, async (signal) => {
      const store = storePlace(draft);
      if (!store) return fail([productError('request.invalid', 'The lease store has no server yet.')]);
      const members = draft.servers.filter(({ purpose }) => purpose === 'member');
      const measured = await Promise.all([
        store.server ? this.#measureStore(draft, store.server, signal) : succeed(new Map()),
        ...members.map((member) => this.#measureMember(draft, member, store, signal)),
      ]);
      const engines = await Promise.all(members.map((member) => this.#enginesOf(draft, member)));
      const errors = measured.flatMap((one) => (one.ok ? [] : [one.error]));
      if (errors.length > 0) return fail(errors);
      const [fromStore, ...fromMembers] = measured.flatMap((one) => (one.ok ? [one.value] : []));
      const told = engineTimes(engines);
      this.#times = { ...measuredTimes(fromMembers, fromStore!), ...told.times };
      this.#engineSource = told.source;
      return succeed(undefined);
    });
  }

  stop(): void {
    this.#work.stop();
  }

  view(): SetupView['measured'] {
    const { seconds: forSeconds } = this.#ports.measure;
    return { work: this.#work.view(), forSeconds, times: this.#times, engineSource: this.#engineSource };
  }

  forget(): void {
    this.#work.stop();
    this.#times = nothingMeasured;
    this.#engineSource = null;
    this.#work.forget();
  }

  #measureStore(
    draft: SetupDraft,
    store: DraftServer,
    signal: AbortSignal,
  ): Promise<Result<Samples, ProductError>> {
    return this.#measureOn(draft, store, ['no', '-', '0'], signal);
  }

  #measureMember(
    draft: SetupDraft,
    member: DraftServer,
    store: StorePlace,
    signal: AbortSignal,
  ): Promise<Result<Samples, ProductError>> {
    const shares = draft.clusters
      .filter(({ members }) => members.some(({ server }) => server === member.id))
      .map((cluster) => draftDirectory(cluster, member.id))
      .filter((directory) => directory.startsWith('/'));
    return this.#measureOn(draft, member, ['yes', store.address, String(store.port), ...shares], signal);
  }

  /** What the journal of one member tells of its engines. Nothing is no reason to have measured in vain. */
  async #enginesOf(draft: SetupDraft, member: DraftServer): Promise<NotedTimes> {
    const nothing: NotedTimes = { starts: [], stops: [] };
    const units = draft.clusters
      .flatMap(({ members }) => members)
      .filter(({ server, unit }) => server === member.id && isServiceUnit(unit))
      .map(({ unit }) => unit);
    if (units.length === 0) return nothing;
    const target = await draftTarget(draft, member, this.#ports);
    const connected = target.ok ? await this.#ports.connect(target.value) : target;
    if (!connected.ok) return nothing;
    const noted = await notedTimes(connected.value, units);
    connected.value.close();
    return noted ?? nothing;
  }

  async #measureOn(
    draft: SetupDraft,
    server: DraftServer,
    words: readonly string[],
    signal: AbortSignal,
  ): Promise<Result<Samples, ProductError>> {
    const { connect, measure } = this.#ports;
    const target = await draftTarget(draft, server, this.#ports);
    if (!target.ok) return target;
    const connected = await connect(target.value);
    if (!connected.ok) return connected;
    const end = () => connected.value.close();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await samplesOf(connected.value, [String(measure.seconds), ...words], measure.seconds);
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }
}

interface StorePlace {
  readonly address: string;
  /** Something answers there already: SSH, or the etcd itself. */
  readonly port: number;
  /** Whose disk is measured; undefined: an etcd's is not reached. */
  readonly server: DraftServer | undefined;
}

function storePlace({ leaseStore, servers }: SetupDraft): StorePlace | undefined {
  if (leaseStore.kind === 'etcd') {
    const [first] = leaseStore.endpoints;
    if (!first || first.port === null || !isAddress(first.address)) return undefined;
    return { address: first.address, port: first.port, server: undefined };
  }
  const server = servers.find(({ id }) => id === leaseStore.server);
  return server && { address: server.address, port: server.ssh.port ?? 22, server };
}

async function samplesOf(
  connection: ServerConnection,
  words: readonly string[],
  seconds: number,
): Promise<Result<Samples, ProductError>> {
  const what = 'measuring';
  const argv = ['bash', '-c', measureScript, 'ixha-measure', ...words];
  const said = await outputOf(connection, argv, {
    what,
    privileged: true,
    timeoutMs: (seconds + 30) * 1_000,
  });
  if (!said.ok) return said;
  const samples = readSamples(said.value);
  if (samples) return succeed(samples);
  const why = `${connection.name}: measuring needs bash 5 or newer, or it was broken off.`;
  return fail(productError('ssh.command-failed', why));
}
