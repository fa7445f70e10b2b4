import { emptyEtcd, etcdPort, witnessPort, type DraftLeaseStore, type DraftServer } from '../setup/draft.ts';
import type { MoveTarget } from './servers-view.ts';

/** What a person has said of the next lease store. */
export interface MoveForm {
  readonly kind: 'server' | 'machine' | 'etcd';
  /** One that the site has. */
  readonly server: string | null;
  readonly machine: DraftServer;
  readonly port: number | null;
  readonly etcd: Extract<DraftLeaseStore, { kind: 'etcd' }>;
  /** Its endpoints as typed: `ADDRESS[:PORT][=NAME]`, with commas or spaces. */
  readonly endpoints: string;
}

/** Nothing was said yet, apart from what is usual. */
export function emptyMoveForm(siteId: string): MoveForm {
  return {
    kind: 'server',
    server: null,
    machine: {
      id: 'new',
      name: '',
      address: '',
      purpose: 'other',
      ssh: { user: 'root', port: 22, login: { kind: 'key', file: '' }, sudo: 'root', hostKey: null },
    },
    port: witnessPort,
    etcd: emptyEtcd(siteId) as MoveForm['etcd'],
    endpoints: '',
  };
}

/** What is still needed, as the end of "Not now: …"; null: the form is whole. Pure. */
export function moveFormLack(form: MoveForm): string | null {
  if (form.kind === 'server') return form.server === null ? 'no server is chosen yet' : portLack(form);
  if (form.kind === 'machine') return machineLack(form.machine) ?? portLack(form);
  if (form.endpoints.trim() === '') return 'the endpoints of the etcd are not given yet';
  if (readEndpoints(form.endpoints) === null)
    return 'an endpoint is not an address with a port, such as 10.20.9.5:2379';
  const { authorityFile, certificateFile, keyFile, prefix } = form.etcd;
  if ([authorityFile, certificateFile, keyFile].some((file) => file.trim() === ''))
    return 'a file that members sign in to the etcd with is not named yet';
  return prefix.trim() === '' ? 'the prefix is not given yet' : null;
}

function portLack({ port }: MoveForm): string | null {
  return port === null ? 'the port is not given yet' : null;
}

function machineLack({ name, address, ssh }: DraftServer): string | null {
  if (name.trim() === '' || address.trim() === '') return 'name and address of the machine are not given yet';
  if (ssh.user.trim() === '' || ssh.port === null) return 'who signs in there is not said yet';
  if (ssh.login.kind === 'key' && ssh.login.file.trim() === '') return 'the key file is not named yet';
  return /^(?:[a-z0-9@.-]+ )?SHA256:[A-Za-z0-9+/]{43}$/.test(ssh.hostKey ?? '')
    ? null
    : 'the fingerprint of its host key is not given yet';
}

/** The target that a whole form describes. Pure. */
export function moveTargetOf(form: MoveForm): MoveTarget {
  if (form.kind === 'etcd') {
    const store = { ...form.etcd, endpoints: readEndpoints(form.endpoints) ?? [] };
    return { to: 'store', store, machine: null };
  }
  const isNew = form.kind === 'machine';
  const store = { kind: 'witness' as const, server: isNew ? null : form.server, port: form.port };
  return { to: 'store', store, machine: isNew ? form.machine : null };
}

/** Endpoints as they were typed; null: one of them is none. Pure. */
export function readEndpoints(text: string): MoveForm['etcd']['endpoints'] | null {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const endpoints = words.map(readEndpoint);
  return endpoints.includes(null) || endpoints.length === 0
    ? null
    : endpoints.flatMap((endpoint) => endpoint ?? []);
}

function readEndpoint(word: string): MoveForm['etcd']['endpoints'][number] | null {
  const [, six, four, port, name] =
    /^(?:\[([0-9a-fA-F:]+)\]|([0-9.]+))(?::(\d{1,5}))?(?:=([A-Za-z0-9*.-]+))?$/.exec(word) ?? [];
  const address = six ?? four;
  if (address === undefined) return null;
  return {
    address,
    port: port === undefined ? etcdPort : Number(port),
    certificateName: name ?? '',
  };
}
