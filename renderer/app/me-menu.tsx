import { Menu, SegmentedControl, Switch } from '@mantine/core';
import { useState } from 'react';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ThemeChoice } from '../stores/ui.ts';
import { LifeBuoy } from 'lucide-react';
import { roleWords } from '../features/workstations/workstation-words.ts';
import { useConsole, useUi } from './console-context.tsx';
import { navigate } from './route.ts';
import { askPermission, permission } from './use-desktop-notes.ts';
import classes from './top-bar.module.css';

const showKit = () => navigate({ page: 'recovery-kit' });

/** Who I am and what I may do; the appearance of this workstation below it. */
export function MeMenu({ name, role }: ConsoleSnapshot['me']) {
  const theme = useUi((state) => state.theme);
  const choose = useThemeChoice();
  return (
    <Menu position="bottom-end" shadow="md" width={260}>
      <Menu.Target>
        <button type="button" className={classes.me}>
          <b>{name}</b> <span className="ink2">{roleWords[role]}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance of this workstation</Menu.Label>
        <div className={classes.menuSection}>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Appearance"
            value={theme}
            onChange={(value) => choose(value)}
            data={[
              { value: 'system', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </div>
        <Menu.Label>New problems of severity high</Menu.Label>
        <div className={classes.menuSection}>
          <DesktopNotes />
        </div>
        {role === 'admin' && (
          <>
            <Menu.Divider />
            <Menu.Label>Site</Menu.Label>
            <Menu.Item leftSection={<LifeBuoy size={16} aria-hidden />} onClick={showKit}>
              Recovery kit…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Notes of the desktop: off and on, and why they cannot be shown. */
function DesktopNotes() {
  const { ui, client } = useConsole();
  const on = useUi((state) => state.desktopNotes);
  const shell = useUi((state) => state.shell);
  const [said, setSaid] = useState(permission);
  const choose = async (wanted: boolean) => {
    if (wanted && shell === 'browser') setSaid(await askPermission());
    ui.getState().setDesktopNotes(wanted);
    client.call('setDesktopNotes', { on: wanted }).catch(() => undefined);
  };
  const denied = on && shell === 'browser' && said !== 'granted';
  return (
    <Switch
      size="xs"
      label="Raise them on this desktop"
      description={denied ? 'This browser does not allow it yet: switch it off and on, and allow it.' : null}
      checked={on}
      onChange={({ currentTarget }) => void choose(currentTarget.checked)}
    />
  );
}

/** Applies a theme at once and tells the host to keep it; a host that cannot keep it changes nothing here. */
export function useThemeChoice(): (theme: ThemeChoice) => void {
  const { ui, client } = useConsole();
  return (theme) => {
    ui.getState().setTheme(theme);
    client.call('setTheme', { theme }).catch(() => undefined);
  };
}
