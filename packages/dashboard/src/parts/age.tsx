import { formatAge } from '@headframe/model';
import { useFleet } from '../data/live.ts';
import { useNow } from '../data/now.ts';
import { TEXTS } from '../texts.ts';

/** The daemon's clock now, epoch ms. */
export function useDaemonNow(): number {
  const skewMs = useFleet()?.skewMs ?? 0;
  return useNow() + skewMs;
}

/** How long ago something was, by the daemon's clock. */
export function Age({ at }: { at: number | null }) {
  const now = useDaemonNow();
  if (at === null) return <>{TEXTS.never}</>;
  return <time dateTime={new Date(at).toISOString()}>{formatAge(now - at)}</time>;
}
