import type { ExpectedEngine, ExpectedServer } from './expected-server.ts';
import { ofServer, passed, unknownCheck, type PreflightCheck } from './preflight-check.ts';

/** How long starts and stops of an engine took, in seconds, as the journal of its service manager tells them. */
export interface NotedTimes {
  readonly starts: readonly number[];
  readonly stops: readonly number[];
}

/** How long one engine starts and stops, as far as it was noted; null: the journal could not be read. Pure. */
export function engineTimesCheck(
  { server }: ExpectedServer,
  { cluster, unit }: ExpectedEngine,
  noted: NotedTimes | null,
): PreflightCheck {
  const name = {
    id: 'engine-times',
    subject: server.name,
    what: `start and stop of the engine of ${cluster}`,
  };
  const [check] = ofServer(server.id, [judge(name, unit, noted)]);
  return check!;
}

const untilMeasured =
  'Nothing is assumed for it: times of recovery are shown as at least that long, until the agent has started and stopped the engine.';

function judge(
  name: Pick<PreflightCheck, 'id' | 'subject' | 'what'>,
  unit: string,
  noted: NotedTimes | null,
): PreflightCheck {
  if (noted === null) {
    return unknownCheck(name, 'the journal could not be read', `Look with: journalctl -u ${unit}`);
  }
  const { starts, stops } = noted;
  const start =
    starts.length > 0
      ? `its last ${counted(starts, 'start')}`
      : `the journal has no start of ${unit} by which it says when the engine was up`;
  const stop = stops.length > 0 ? `its last ${counted(stops, 'stop')}` : `the journal has no stop of ${unit}`;
  const finding = `${start}; ${stop}`;
  const isKnown = starts.length > 0 && stops.length > 0;
  return isKnown ? passed(name, finding) : unknownCheck(name, finding, untilMeasured);
}

function counted(seconds: readonly number[], what: string): string {
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map((value) => value.toFixed(1));
  const span = least === most ? least : `${least} to ${most}`;
  return `${seconds.length} ${what}${seconds.length === 1 ? '' : 's'} took ${span} s`;
}
