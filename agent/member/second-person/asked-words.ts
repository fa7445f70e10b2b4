import {
  forceVerb,
  rehearseVerb,
  scheduleVerb,
  secondPersonVerb,
  type Command,
} from '../../../shared/agent-api/agent-api.ts';
import { statementWords } from '../../../shared/failover/rules/forced-words.ts';
import { scopeWords } from '../../../shared/second-person/scope.ts';
import type { MemberConfig } from '../../../shared/site/member-config.ts';

/** What a command that waits asks for, as a person would say it. */
export function askedWords({ cluster, serverName, peer }: MemberConfig, command: Command): string {
  const { verb, minutes, window, move, scope, statement, withoutStore } = command;
  switch (verb) {
    case 'maintenance':
      return `maintenance of ${cluster} for ${minutes ?? 0} min`;
    case secondPersonVerb:
      return `another setting for ${cluster}: ${scopeWords[scope ?? 'none']}`;
    case scheduleVerb:
      return `a ${move ?? 'move'} of ${cluster} to ${peer.serverName} between ${window?.from ?? '?'} and ${window?.until ?? '?'}`;
    case rehearseVerb:
      return command.rehearsal === 'cut-off'
        ? `${serverName} cut off from lease store and peer for ${cluster}, to rehearse it`
        : `the end of the engine of ${cluster} on ${serverName}, to rehearse it`;
    case forceVerb: {
      const how = withoutStore === true ? ' without the lease store' : '';
      const said =
        statement === undefined ? '' : `, stating that ${peer.serverName} ${statementWords[statement]}`;
      return `a forced takeover of ${cluster} by ${serverName}${how}${said}`;
    }
    default:
      return `a ${verb} of ${cluster} to ${peer.serverName}`;
  }
}
