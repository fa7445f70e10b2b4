import { failedCheck, passed, toLookAt, type PreflightCheck, type SafeFix } from './preflight-check.ts';
import type { Starter } from './server-facts.ts';

/** What makes a line that names an engine more than a backup of its folder. */
const starts = /@reboot|\b(re)?start|\brun\b|watch|monitor|respawn|--run|systemctl|service\s/i;
/** Files in which a line that begins with # is a comment. */
const tables = /^\/(etc\/crontab|etc\/cron\.d\/|var\/spool\/cron\/)/;

/** Schedules and start scripts that name an engine: one that starts it works against the agent. Pure. */
export function starterChecks(starters: readonly Starter[], subject: string): PreflightCheck[] {
  const id = 'engine-starters';
  if (starters.length === 0) {
    return [passed({ id, subject, what: 'schedules and start scripts' }, 'none names an engine')];
  }
  return starters.map(({ file, line, text }) => {
    const name = { id, subject, what: `line ${line} of ${file}` };
    const more = { evidence: [text], fix: tables.test(file) ? disabled(file, line) : null };
    return starts.test(text)
      ? failedCheck(
          name,
          'it may start a second engine',
          'Take out what starts or restarts the engine: only the agent may.',
          more,
        )
      : toLookAt(name, 'it names an engine', 'Make sure that it neither starts nor stops the engine.', more);
  });
}

/** The copy ends in ~: of such a file neither cron nor the next look takes notice. */
function disabled(file: string, line: number): SafeFix {
  return {
    title: 'Disable the line',
    change: `Line ${line} of ${file} becomes a comment. The file as it is now is kept as ${file}.ixha-before~.`,
    command: ['sed', '-i.ixha-before~', `${line}s/^/# disabled for high availability: /`, file],
  };
}
