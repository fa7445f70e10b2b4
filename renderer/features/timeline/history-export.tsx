import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { useConsole } from '../../app/console-context.tsx';
import { RecordsMenu } from '../../components/report-menu.tsx';

/** The records of what is shown as a file, with what following the chain of each journal has shown. */
export function HistoryExport(props: Omit<ConsoleRequest<'exportHistory'>, 'format'>) {
  const { source, from, to, clusters } = props;
  const { client } = useConsole();
  return (
    <RecordsMenu
      label="All records of this time, chains verified"
      make={(format) => client.call('exportHistory', { source, from, to, clusters, format })}
    />
  );
}
