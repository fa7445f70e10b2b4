import { RotateCw, Wrench } from 'lucide-react';
import { useState } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { SetupCheck, SeenServer } from '../../../shared/setup/setup-view.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import { BeginningChoice } from './beginning-choice.tsx';
import { isPreflightOld } from './plan-state.ts';
import { checkCounts } from './preflight-words.ts';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

const states: Record<SetupCheck['verdict'], FactState> = {
  ok: 'ok',
  warning: 'warn',
  failed: 'danger',
  unknown: 'unknown',
};
const order: readonly SetupCheck['verdict'][] = ['failed', 'unknown', 'warning', 'ok'];

/** Whether the servers are fit: a table of them, and every check with its finding and its remedy. */
export function PreflightStep() {
  const { draft, view, act, elapsedMs } = useSetup();
  const { work, seen, checks, engines } = view.preflight;
  const running = work.state === 'running';
  return (
    <>
      {running && (
        <Notice kind="waiting" title={`${work.awaits} for ${formatSpan(work.sinceMs + elapsedMs)}`}>
          It usually takes about ten seconds. Nothing is changed by it.
        </Notice>
      )}
      {work.errors.map((error) => (
        <ErrorNotice key={error.message} error={error} />
      ))}
      {isPreflightOld(view) && (
        <Notice kind="waiting" title="The setup was changed since the servers were looked at">
          What was found below is of the setup as it was then. They are looked at again before anything is
          installed: now, or by the step Review.
        </Notice>
      )}
      {seen.length > 0 && <SeenTable seen={seen} />}
      {(draft.observe || engines.some((engine) => engine.running)) && <BeginningChoice />}
      {checks.length > 0 && <Checks checks={checks} />}
      <div className={classes.buttons}>
        {running ? (
          <InkButton onClick={() => void act({ act: 'stop-preflight' })}>Stop looking</InkButton>
        ) : (
          <InkButton leftSection={<RotateCw aria-hidden />} onClick={() => void act({ act: 'preflight' })}>
            {work.state === 'never' ? 'Look at all servers' : 'Run all again'}
          </InkButton>
        )}
      </div>
    </>
  );
}

function SeenTable({ seen }: { readonly seen: readonly SeenServer[] }) {
  const { draft } = useSetup();
  const nameOf = (id: string) => draft.servers.find((server) => server.id === id)?.name ?? id;
  return (
    <Card title="Servers">
      <div className={table.scroll}>
        <table className={table.table}>
          <thead>
            <tr>
              <th>Server</th>
              <th>System</th>
              <th>Engine</th>
              <th className={table.right}>Disk</th>
              <th className={table.right}>Clock</th>
              {seen.map(({ server }) => (
                <th key={server} className={table.right}>
                  To {nameOf(server)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seen.map((one) => (
              <tr key={one.server}>
                <th scope="row">{nameOf(one.server)}</th>
                <td>{one.system}</td>
                <td>{engineWords(one)}</td>
                <td className={table.right}>
                  {one.freeMb === null ? '?' : `${Math.floor(one.freeMb / 1024)} GB free`}
                </td>
                <td className={table.right}>{clockWords(one.clockMs)}</td>
                {seen.map(({ server }) => {
                  const path = one.paths.find(({ to }) => to === server);
                  return (
                    <td key={server} className={table.right}>
                      {pathWords(path)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function engineWords({ engines }: SeenServer): string {
  if (engines === 0) return 'none found';
  return engines === 1 ? '1 engine' : `${engines} engines`;
}

function clockWords(ms: number | null): string {
  if (ms === null) return '?';
  const rounded = Math.abs(ms) < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`;
  return ms >= 0 ? `+${rounded}` : rounded.replace('-', '−');
}

function pathWords(path: SeenServer['paths'][number] | undefined) {
  if (!path) return '–';
  if (path.rttMs === null) return <b className={classes.lost}>refused</b>;
  return `${path.rttMs < 10 ? path.rttMs.toFixed(1) : Math.round(path.rttMs)} ms`;
}

function Checks({ checks }: { readonly checks: readonly SetupCheck[] }) {
  const { draft } = useSetup();
  const [all, setAll] = useState(false);
  const { failed, warnings, unknown, passed, toConfirm } = checkCounts(checks, draft.confirmed);
  const isFine = (check: SetupCheck) =>
    check.verdict === 'ok' || (check.byPerson && draft.confirmed.includes(check.id));
  const open = checks.filter((check) => !isFine(check));
  const fine = checks.filter(isFine);
  const shown = [
    ...open.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict)),
    ...(all ? fine : []),
  ];
  const look = warnings + unknown + toConfirm;
  return (
    <Card
      title={`${checks.length} checks`}
      note={`${failed} failed · ${look} to look at · ${passed} passed`}
      right={<span className="small ink3">failed first</span>}
    >
      <ul className={classes.checks}>
        {shown.map((check) => (
          <CheckLine key={check.id} check={check} fine={isFine(check)} />
        ))}
        {!all && fine.length > 0 && (
          <li className={classes.check}>
            <StateIcon state="ok" />
            <b>{fine.length} passed</b>
            <span className="ink2">
              <button type="button" className={classes.link} onClick={() => setAll(true)}>
                Show them
              </button>
            </span>
          </li>
        )}
      </ul>
    </Card>
  );
}

function CheckLine({ check, fine }: { readonly check: SetupCheck; readonly fine: boolean }) {
  const { edit, act, elapsedMs, draft } = useSetup();
  const [asking, setAsking] = useState(false);
  const confirmed = draft.confirmed.includes(check.id);
  return (
    <li className={classes.check}>
      <StateIcon state={fine ? 'ok' : states[check.verdict]} />
      <b>
        {check.subject}: {check.title}
      </b>
      <span>
        <span className="ink2">{check.finding}</span>
        {!fine &&
          check.evidence.map((line) => (
            <span key={line} className={`${classes.evidence} mono ink2`}>
              {line}
            </span>
          ))}
        {!fine && check.remedy !== null && <span className={classes.remedy}>{check.remedy}</span>}
        {asking && check.fix && (
          <span className={classes.effects} role="group" aria-label="What the change does">
            {check.fix.effects.map((effect) => (
              <span key={effect} className="mono">
                {effect}
              </span>
            ))}
            <span className={classes.buttons}>
              <InkButton act="back" onClick={() => setAsking(false)}>
                Leave it
              </InkButton>
              <InkButton
                onClick={() => {
                  setAsking(false);
                  void act({ act: 'fix', check: check.id });
                }}
              >
                {check.fix.title}
              </InkButton>
            </span>
          </span>
        )}
      </span>
      <span className={classes.checkAct}>
        {check.fix && !fine && !asking && (
          <InkButton leftSection={<Wrench aria-hidden />} onClick={() => setAsking(true)}>
            {check.fix.title}…
          </InkButton>
        )}
        {check.byPerson && !confirmed && (
          <InkButton onClick={() => edit((now) => ({ ...now, confirmed: [...now.confirmed, check.id] }))}>
            Confirm
          </InkButton>
        )}
        <span className="small ink3 num">{formatSpan(check.ageMs + elapsedMs)}</span>
      </span>
    </li>
  );
}
