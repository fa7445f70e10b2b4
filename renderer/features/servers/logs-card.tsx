import { Checkbox, CopyButton, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import { logText, logWeight, shortUnit, type LogLine } from '../../../shared/support/server-logs.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './logs.module.css';
import { ofServer, serversWithAgents } from './of-server.ts';
import { secretRefusal } from './secret-fields.tsx';
import { shownLines, type LogFilter } from './shown-lines.ts';
import { useServerLogs, type ReadLogs } from './use-server-logs.ts';

/** How far back, in seconds. */
const spans = { '10 min': 600, '1 h': 3_600, '1 day': 86_400, '1 week': 7 * 86_400 } as const;
type Span = keyof typeof spans;

/** What agents, guards and witness have written on one server, as far as it may leave that server. */
export function LogsCard({ view, site }: { readonly view: ServersView; readonly site: SiteSight }) {
  const servers = serversWithAgents(view, site);
  const [server, setServer] = useState(servers[0]?.id ?? '');
  const [span, setSpan] = useState<Span>('10 min');
  const [follows, setFollows] = useState(false);
  const names = new Map(site.site.servers.map(({ id, name }) => [id, name]));
  const refusal = secretRefusal(ofServer(view, server), names, false);
  const { read, error, awaited, ageMs, begin } = useServerLogs({
    server,
    sinceSeconds: spans[span],
    follows: follows && refusal === null,
  });
  return (
    <Card
      title="Logs"
      note="of agents, guards and lease store; without secrets and messages"
      {...(read !== null && { age: { ms: ageMs } })}
    >
      <div className={classes.tools}>
        <NativeSelect
          size="xs"
          aria-label="Server"
          value={server}
          onChange={(event) => setServer(event.currentTarget.value)}
          data={servers.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          data={Object.keys(spans)}
          value={span}
          onChange={(value) => setSpan(value as Span)}
        />
        <Checkbox
          size="xs"
          label="Read again every 5 s"
          checked={follows}
          onChange={(event) => setFollows(event.currentTarget.checked)}
        />
        <span className={classes.end}>
          <InkButton refusal={refusal} idle={awaited} onClick={begin}>
            {awaited ? 'Reading …' : read === null ? 'Read the logs' : 'Read again'}
          </InkButton>
        </span>
      </div>
      {error && <ErrorNotice error={error} />}
      {read && <Lines read={read} name={names.get(read.server) ?? read.server} />}
    </Card>
  );
}

function Lines({ read, name }: { readonly read: ReadLogs; readonly name: string }) {
  const { lines, isCut, units } = read.logs;
  const [filter, setFilter] = useState<LogFilter>({ text: '', unit: '', onlyWorse: false });
  const shown = shownLines(lines, filter);
  const change = (part: Partial<LogFilter>) => setFilter({ ...filter, ...part });
  return (
    <>
      <div className={classes.tools}>
        <TextInput
          size="xs"
          aria-label="Only lines with"
          placeholder="Only lines with …"
          value={filter.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          aria-label="Unit"
          value={filter.unit}
          onChange={(event) => change({ unit: event.currentTarget.value })}
          data={[
            { value: '', label: 'All units' },
            ...units.map((unit) => ({ value: unit, label: shortUnit(unit) })),
          ]}
        />
        <Checkbox
          size="xs"
          label="Only warnings and errors"
          checked={filter.onlyWorse}
          onChange={(event) => change({ onlyWorse: event.currentTarget.checked })}
        />
        <span className={`${classes.end} small ink2`}>{countWords(shown.length, lines.length, isCut)}</span>
        <CopyButton value={shown.map((line) => logText(line, name)).join('\n')}>
          {({ copied, copy }) => (
            <InkButton
              leftSection={copied ? <Check aria-hidden /> : <Copy aria-hidden />}
              refusal={shown.length === 0 ? 'no line is shown' : null}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy the lines'}
            </InkButton>
          )}
        </CopyButton>
      </div>
      <ol className={classes.lines} tabIndex={0} aria-label={`Log of ${name}`}>
        {shown.map((line, index) => (
          <Line key={`${line.at} ${line.unit} ${index}`} line={line} />
        ))}
      </ol>
    </>
  );
}

function Line({ line }: { readonly line: LogLine }) {
  const weight = logWeight(line);
  return (
    <li data-weight={weight}>
      <span className={classes.mark}>
        {weight !== 'plain' && <StateIcon state={weight === 'error' ? 'danger' : 'warn'} />}
      </span>
      <time dateTime={line.at}>{formatWallTime(line.at)}</time>
      <span className="ink2">{shortUnit(line.unit)}</span>
      <span>{line.text === '' ? <i className="ink3">a line that is no text</i> : line.text}</span>
    </li>
  );
}

function countWords(shown: number, all: number, isCut: boolean): string {
  if (all === 0) return 'Nothing was written in that time';
  const count = shown === all ? `${all} lines` : `${shown} of ${all} lines`;
  return isCut ? `${count}; older ones were left out` : count;
}
