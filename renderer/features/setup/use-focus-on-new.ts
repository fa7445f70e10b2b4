import { useEffect, useRef, type RefObject } from 'react';

/** Where a card was added its first field gets the focus, and with it the place in the window. */
export function useFocusOnNew(count: number): RefObject<HTMLDivElement | null> {
  const cards = useRef<HTMLDivElement>(null);
  const before = useRef(count);
  useEffect(() => {
    if (count > before.current) cards.current?.lastElementChild?.querySelector('input')?.focus();
    before.current = count;
  }, [count]);
  return cards;
}
