import { Menu } from '@mantine/core';
import { ChevronDown, Download } from 'lucide-react';
import { useState } from 'react';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { bytesOf, saveFile } from '../../components/save-file.ts';
import { productErrorOf } from '../../ipc/console-client.ts';

type Order = ConsoleRequest<'exportHistory'>;

/** The records of what is shown as a file, with what following the chain of each journal has shown. */
export function HistoryExport(props: Omit<Order, 'format'>) {
  const { source, from, to, clusters } = props;
  const { client } = useConsole();
  const [making, setMaking] = useState(false);
  const [error, setError] = useState<ProductError | null>(null);
  const save = async (format: Order['format']) => {
    setMaking(true);
    setError(null);
    try {
      const made = await client.call('exportHistory', { source, from, to, clusters, format });
      saveFile(made.fileName, bytesOf(made.base64));
    } catch (thrown) {
      setError(productErrorOf(thrown));
    } finally {
      setMaking(false);
    }
  };
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={260}>
        <Menu.Target>
          <InkButton
            loading={making}
            leftSection={<Download size={14} aria-hidden />}
            rightSection={<ChevronDown size={14} aria-hidden />}
          >
            Export
          </InkButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>All records of this time, chains verified</Menu.Label>
          <Menu.Item rightSection="with hash" onClick={() => void save('json')}>
            JSON
          </Menu.Item>
          <Menu.Item rightSection="for a spreadsheet" onClick={() => void save('csv')}>
            CSV
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
