/**
 * The one place where a member that is not armed is kept from changing anything: what it works on is replaced, before
 * anything else gets hold of it, by what only looks.
 */
import type { MemberMode } from '../../shared/site/member-config.ts';
import { fail } from '../../shared/result.ts';
import type { EngineAdapter } from '../engines/engine-adapter.ts';
import type { LeaseStoreLink } from '../lease-stores/lease-store-link.ts';
import type { EngineService } from '../services/engine-service.ts';
import type { SharedDirectory } from '../storage/shared-directory.ts';
import type { DeadlineFile } from './deadline-file.ts';
import type { MemberDevices } from './member-ground.ts';

/** Told by every step that was kept from being done. */
export const keptBack: Readonly<Record<MemberMode, string>> = {
  observe: 'this site is only observed, nothing is done',
  arming: 'the engine is being taken over, it is neither started nor stopped meanwhile',
};

/** The devices as far as a member in this mode may use them; all of them when it is armed. */
export function permittedDevices(mode: MemberMode | undefined, devices: MemberDevices): MemberDevices {
  if (mode === undefined) return devices;
  const { service, engine, storage, occupancy, copyScript } = devices;
  return {
    service: lookingOnly(service, serviceCalls, keptBack[mode]),
    engine: lookingOnly(engine, engineCalls, keptBack[mode]),
    storage: mode === 'observe' ? lookingOnly(storage, storageCalls, keptBack[mode]) : storage,
    ...(occupancy && { occupancy }),
    ...(copyScript && mode !== 'observe' && { copyScript }),
    // Nobody is cut off before the member is armed.
  };
}

/** The lease store as far as a member in this mode may ask it for something. */
export function permittedStore(mode: MemberMode | undefined, link: LeaseStoreLink): LeaseStoreLink {
  if (mode !== 'observe') return link;
  return {
    send: (request) => request.op === 'read' && link.send(request),
    trouble: () => link.trouble(),
    throughPeerMs: (nowMs) => link.throughPeerMs?.(nowMs) ?? null,
    close: () => link.close(),
  };
}

/** The guards' deadline, which also opens the gate: an observing member neither has nor makes one. */
export function permittedDeadline(mode: MemberMode | undefined, file: DeadlineFile): DeadlineFile {
  if (mode !== 'observe') return file;
  return {
    write: () => {
      throw new Error(keptBack.observe);
    },
    remove: () => undefined,
    read: () => null,
  };
}

/** What each call of a port does: those that act are refused. A new one does not compile before it is said here. */
type Kinds<Port> = Readonly<Record<keyof Port, 'looks' | 'acts'>>;

const serviceCalls: Kinds<EngineService> = {
  observe: 'looks',
  start: 'acts',
  stop: 'acts',
  kill: 'acts',
  restartGuard: 'acts',
  processes: 'looks',
  life: 'looks',
  onChange: 'looks',
  tellsChange: 'looks',
  serverStops: 'looks',
};

const engineCalls: Kinds<EngineAdapter> = {
  look: 'looks',
  switchComponents: 'acts',
  diagnosis: 'looks',
  // Only remembered by the adapter, so that what people have switched off is not missed.
  leaveOff: 'looks',
};

const storageCalls: Kinds<SharedDirectory> = {
  read: 'looks',
  prove: 'acts',
  raiseGeneration: 'acts',
  claim: 'acts',
  verdict: 'looks',
  putLedger: 'acts',
  getLedger: 'looks',
};

/** The same port with every acting call answered by why it is not done. Calls that it lacks stay absent. */
function lookingOnly<Port extends object>(port: Port, calls: Kinds<Port>, why: string): Port {
  const refuse = () => Promise.resolve(fail(why));
  const names = Object.keys(calls) as (keyof Port)[];
  const permitted = names
    .filter((name) => typeof port[name] === 'function')
    .map((name) => {
      const call = port[name] as (...args: unknown[]) => unknown;
      return [name, calls[name] === 'acts' ? refuse : (...args: unknown[]) => call.apply(port, args)];
    });
  return Object.fromEntries(permitted) as Port;
}
