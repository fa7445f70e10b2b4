import { Menu } from '@mantine/core';
import { ChevronDown, Download, FileBraces, FileSpreadsheet, FileText, Globe } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { ConsoleRequest, ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { ReportFormat, ReportPaper } from '../../shared/report/report-formats.ts';
import { productErrorOf } from '../ipc/console-client.ts';
import { InkButton } from './ink-button.tsx';
import { ErrorNotice } from './notice.tsx';
import classes from './report-menu.module.css';
import { bytesOf, saveFile } from './save-file.ts';

export interface ReportMenuProps {
  /** What the report is of: `All clusters, with hash`. */
  readonly label: string;
  /** What its table lists, and the number of its schema: `89 checks`, `schema 1`. */
  readonly table: string;
  readonly schema: string;
  /** next: to export is what comes next on this page. */
  readonly act?: 'next' | 'other';
  /** Asks the host for one file. */
  readonly make: (choice: ConsoleRequest<'exportReadiness'>) => Promise<ConsoleResponse<'exportReadiness'>>;
}

/** A report as a file: four formats that say the same, one of them for two papers. */
export function ReportMenu({ label, table, schema, act = 'other', make }: ReportMenuProps) {
  const { making, error, save } = useReport(make);
  return (
    <ExportMenu {...{ label, act, making, error }}>
      <Item icon={FileText} name="PDF" note="A4" onClick={() => void save('pdf')} />
      <Item icon={FileText} name="PDF" note="Letter" onClick={() => void save('pdf', 'Letter')} />
      <Item icon={Globe} name="HTML" note="one file" onClick={() => void save('html')} />
      <Item icon={FileSpreadsheet} name="CSV" note={table} onClick={() => void save('csv')} />
      <Item icon={FileBraces} name="JSON" note={schema} onClick={() => void save('json')} />
    </ExportMenu>
  );
}

/** Records as a file for a spreadsheet or for programs. */
export function RecordsMenu(props: {
  readonly label: string;
  readonly make: (format: 'json' | 'csv') => Promise<ConsoleResponse<'exportReadiness'>>;
}) {
  const { making, error, save } = useReport(({ format }) => props.make(format === 'csv' ? 'csv' : 'json'));
  return (
    <ExportMenu label={props.label} act="other" {...{ making, error }}>
      <Item icon={FileBraces} name="JSON" note="with hash" onClick={() => void save('json')} />
      <Item icon={FileSpreadsheet} name="CSV" note="for a spreadsheet" onClick={() => void save('csv')} />
    </ExportMenu>
  );
}

function ExportMenu(props: {
  readonly label: string;
  readonly act: 'next' | 'other';
  readonly making: boolean;
  readonly error: ProductError | null;
  readonly children: ReactNode;
}) {
  const { label, act, making, error, children } = props;
  return (
    <div className={classes.menu}>
      <Menu position="bottom-end" shadow="md" width={240} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <InkButton
            act={act}
            loading={making}
            leftSection={<Download size={14} aria-hidden />}
            rightSection={<ChevronDown size={14} aria-hidden />}
          >
            Export
          </InkButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{label}</Menu.Label>
          {children}
        </Menu.Dropdown>
      </Menu>
      {error && (
        <div className={classes.error}>
          <ErrorNotice error={error} />
        </div>
      )}
    </div>
  );
}

function useReport(make: ReportMenuProps['make']) {
  const [making, setMaking] = useState(false);
  const [error, setError] = useState<ProductError | null>(null);
  const save = async (format: ReportFormat, paper: ReportPaper = 'A4') => {
    setMaking(true);
    setError(null);
    try {
      const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
      const { fileName, base64 } = await make({ format, paper, timeZone });
      saveFile(fileName, bytesOf(base64));
    } catch (thrown) {
      setError(productErrorOf(thrown));
    } finally {
      setMaking(false);
    }
  };
  return { making, error, save };
}

function Item(props: {
  readonly icon: typeof FileText;
  readonly name: string;
  readonly note: string;
  readonly onClick: () => void;
}) {
  const { icon: Icon, name, note, onClick } = props;
  return (
    <Menu.Item leftSection={<Icon size={16} aria-hidden />} rightSection={note} onClick={onClick}>
      {name}
    </Menu.Item>
  );
}
