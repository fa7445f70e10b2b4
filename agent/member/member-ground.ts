import { join } from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import type { Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { Files } from '../durable/files.ts';
import type { EngineAdapter } from '../engines/engine-adapter.ts';
import { IguanaX } from '../engines/iguanax.ts';
import { Journal } from '../journal/journal.ts';
import { openEngineOccupancy, type OccupancyLook } from '../probes/engine-occupancy.ts';
import { GuardBeats } from '../probes/guard-beats.ts';
import { readScript, type RunProgram } from '../services/run-program.ts';
import type { EngineService } from '../services/engine-service.ts';
import { openProcessService } from '../services/process-service.ts';
import { openStandbyShell } from '../services/standby-shell.ts';
import { openSystemdService } from '../services/systemd-service.ts';
import { openCutProgram, type CutProgram } from '../storage/cut-program.ts';
import { openCopyScript, type CopyScript } from '../storage/copy-script.ts';
import { openCopiedDirectory } from '../storage/copied-directory.ts';
import { openMountedDirectory } from '../storage/mounted-directory.ts';
import { EngineLogReader } from '../storage/engine-log-reader.ts';
import { openMountUnit, type MountUnit } from '../storage/mount-unit.ts';
import { openSharedDirectory, type SharedDirectory } from '../storage/shared-directory.ts';
import { systemTimers } from '../system-timers.ts';
import { ChangeTracker } from './change-tracker.ts';
import { openMemoryFile, type MemoryFile } from './member-memory.ts';
import { openOwnEnds, type OwnEnds } from './own-ends.ts';
import { openServingMark } from './serving-mark.ts';

/** What a member stands on: its files and the ports to engine, service manager and storage. */
export interface MemberGround {
  readonly journal: Journal;
  readonly memory: MemoryFile;
  readonly changes: ChangeTracker;
  readonly service: EngineService;
  readonly engine: EngineAdapter;
  /** Reads the engine's own message logs when somebody asks; absent: nothing does. */
  readonly engineLog?: EngineLogReader;
  readonly storage: SharedDirectory;
  /** What copies the directory to the other member; absent where it is shared. */
  readonly copyScript?: CopyScript;
  /** What cuts the other server off from a shared directory; absent: nothing does. */
  readonly cutProgram?: CutProgram;
  /** What mounts a shared directory on the Active only; absent: it is mounted all the time. */
  readonly mountUnit?: MountUnit;
  /** Who holds the engine's ports and journal; absent where it cannot be looked for. */
  readonly occupancy?: () => Promise<Result<OccupancyLook, string>>;
  readonly guards: GuardBeats;
  readonly servingMark: ReturnType<typeof openServingMark>;
  readonly ownEnds: OwnEnds;
}

/** What a member works on beside its own files: engine, service manager, storage. */
export type MemberDevices = Pick<
  MemberGround,
  'service' | 'engine' | 'engineLog' | 'storage' | 'occupancy' | 'copyScript' | 'cutProgram' | 'mountUnit'
>;

export function openMemberGround(
  config: MemberConfig,
  clock: Clock,
  files: Files,
  devices: MemberDevices,
  machineId: string | null,
): MemberGround {
  files.makeFolder(config.paths.run);
  const { cluster, server, siteId } = config;
  const memory = openMemoryFile(config.paths.state, { cluster, server, siteId, machineId }, files);
  return {
    journal: new Journal(join(config.paths.state, 'journal'), clock, { cluster, server }, files),
    memory,
    changes: new ChangeTracker(server, memory, clock, config.storage.kind),
    ...devices,
    guards: new GuardBeats(config.paths.run, files),
    servingMark: openServingMark(config.paths.run, files),
    ownEnds: openOwnEnds(config.paths.run, clock, files),
  };
}

/** The devices of a real server, or of the demo. */
export function openMemberDevices(config: MemberConfig, clock: Clock): MemberDevices {
  const { apiPort, apiUser, pollers } = config.engine;
  const service = openService(config, clock);
  const shell = openStandbyShell(config.paths.scripts);
  return {
    service,
    occupancy: openEngineOccupancy(config, service, shell.runWhenFree),
    engine: new IguanaX({
      port: apiPort,
      user: apiUser,
      passwordFile: config.paths.enginePasswordFile,
      pollers,
    }),
    engineLog: new EngineLogReader(config, readScript, () => systemTimers.monotonicMs()),
    ...openStorage(config, clock, shell.run),
  };
}

function openStorage(
  config: MemberConfig,
  clock: Clock,
  run: RunProgram,
): Pick<MemberDevices, 'storage' | 'copyScript' | 'cutProgram' | 'mountUnit'> {
  const storage = openSharedDirectory(config, run);
  if (config.storage.kind === 'shared') {
    const { cut, mount } = config.storage;
    const mountUnit = mount && openMountUnit(config.storage, mount, { clock, timers: systemTimers });
    return {
      storage: mountUnit === undefined ? storage : openMountedDirectory(storage, mountUnit, systemTimers),
      ...(cut && { cutProgram: openCutProgram(config, cut) }),
      ...(mountUnit && { mountUnit }),
    };
  }
  const copyScript = openCopyScript(config, config.storage);
  return { storage: openCopiedDirectory(storage, copyScript), copyScript };
}

function openService({ engine: { service }, cluster }: MemberConfig, clock: Clock): EngineService {
  return service.kind === 'systemd'
    ? openSystemdService(service.unit, cluster, clock)
    : openProcessService(service, cluster, clock);
}
