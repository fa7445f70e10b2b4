import { useEffect, useEffectEvent } from 'react';

/** Escape leaves the page; null: not now. What is open above it (menu, search, panel) takes the key first. */
export function useEscape(leave: (() => void) | null): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    const above = event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]');
    if (event.key === 'Escape' && !event.defaultPrevented && !above) leave?.();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => pressed(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
