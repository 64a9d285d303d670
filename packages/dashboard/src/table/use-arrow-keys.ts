import type { Virtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent, RefObject } from 'react';

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** The arrow keys go from row to row, also to those that are not in the document yet. */
export function useArrowKeys(
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  scroll: RefObject<HTMLDivElement | null>,
): (event: KeyboardEvent) => void {
  return (event) => {
    const from = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const step = STEPS[event.key];
    if (from === null || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { count } = virtualizer.options;
    const index = Math.min(count - 1, Math.max(0, step(Number(from.getAttribute('data-index')), count)));
    virtualizer.scrollToIndex(index);
    // The row is drawn after the scroll has been seen.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        scroll.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus({ preventScroll: true });
      }),
    );
  };
}
