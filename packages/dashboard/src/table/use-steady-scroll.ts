import type { MinerRow } from '@headframe/api';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** Where the table was when it was left for the page of a machine. */
let leftAt = 0;

/**
 * Keeps the row at the top of the view where it is when the order or the heights of the rows above it change. At the
 * very top, the top stays: that is where the sick ones appear.
 * @returns where the table starts: where it was left
 */
export function useSteadyScroll(
  scroll: RefObject<HTMLDivElement | null>,
  rows: readonly MinerRow[],
  heights: readonly number[],
): number {
  const anchor = useRef<{ id: string; offset: number } | null>(null);
  const latest = useRef({ rows, heights });
  latest.current = { rows, heights };
  const layout = rows.map(({ id }, index) => `${id}:${heights[index]}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: exactly when the layout changes
  useLayoutEffect(() => {
    const element = scroll.current;
    if (element === null || anchor.current === null) return;
    const top = topOf(anchor.current.id, rows, heights);
    if (top !== null) element.scrollTop = top + anchor.current.offset;
  }, [layout]);

  useEffect(() => {
    const element = scroll.current;
    if (element === null) return;
    const onScroll = () => {
      leftAt = element.scrollTop;
      anchor.current = anchorAt(element.scrollTop, latest.current.rows, latest.current.heights);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [scroll]);

  return leftAt;
}

function topOf(id: string, rows: readonly MinerRow[], heights: readonly number[]): number | null {
  let top = 0;
  for (const [index, row] of rows.entries()) {
    if (row.id === id) return top;
    top += heights[index] ?? 0;
  }
  return null;
}

function anchorAt(
  scrollTop: number,
  rows: readonly MinerRow[],
  heights: readonly number[],
): { id: string; offset: number } | null {
  if (scrollTop <= 0) return null;
  let top = 0;
  for (const [index, { id }] of rows.entries()) {
    const height = heights[index] ?? 0;
    if (top + height > scrollTop) return { id, offset: scrollTop - top };
    top += height;
  }
  return null;
}
