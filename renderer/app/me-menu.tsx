import { Menu, SegmentedControl } from '@mantine/core';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ThemeChoice } from '../stores/ui.ts';
import { LifeBuoy } from 'lucide-react';
import { useConsole, useUi } from './console-context.tsx';
import { navigate } from './route.ts';
import classes from './top-bar.module.css';

const roleWords: Record<ConsoleSnapshot['me']['role'], string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  admin: 'Administrator',
};

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

/** Applies a theme at once and tells the host to keep it; a host that cannot keep it changes nothing here. */
export function useThemeChoice(): (theme: ThemeChoice) => void {
  const { ui, client } = useConsole();
  return (theme) => {
    ui.getState().setTheme(theme);
    client.call('setTheme', { theme }).catch(() => undefined);
  };
}
