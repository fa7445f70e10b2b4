import { useEffect } from 'react';
import { raiseProblems } from '../../shared/fleet/raise-problems.ts';
import { useConsole, useUi } from './console-context.tsx';

/** In a browser new problems are raised by the page; the desktop window does it by itself. */
export function useDesktopNotes(): void {
  const { mirror, ui, ticker } = useConsole();
  const shell = useUi((state) => state.shell);
  useEffect(() => {
    if (shell !== 'browser') return;
    const raise = raiseProblems(
      {
        isOn: () => ui.getState().desktopNotes && permission() === 'granted',
        show: ({ title, body }) => void new Notification(title, { body, tag: title }),
      },
      () => ticker.now(),
    );
    return mirror.subscribe(({ snapshot }) => {
      if (snapshot !== null) raise(snapshot);
    });
  }, [mirror, ui, ticker, shell]);
}

/** What the person has said to the browser; `unsupported`: it has no such notes. */
export function permission(): NotificationPermission | 'unsupported' {
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

/** Asks the person once, where nothing was said yet. */
export async function askPermission(): Promise<ReturnType<typeof permission>> {
  return permission() === 'default' ? Notification.requestPermission() : permission();
}
