import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { useLiveFleet } from './data/live.ts';
import { parseMatrixSearch } from './matrix/matrix-filter.ts';
import { parseSearch } from './page-search.ts';
import { Header } from './parts/header.tsx';
import { Notices } from './parts/notices.tsx';
import { FleetPage } from './table/fleet-page.tsx';
import { TEXTS } from './texts.ts';

/** What is on every page: the fleet in numbers and what must be known before believing them. */
function Root() {
  const { view, failed, lostAt } = useLiveFleet();
  return (
    <>
      <Header totals={view?.totals} isLive={view !== undefined && lostAt === null} />
      {view === undefined ? (
        <p style={{ padding: '32px 16px', fontSize: 16 }}>{failed ? TEXTS.noDaemon : TEXTS.loading}</p>
      ) : (
        <>
          <Notices totals={view.totals} lostAt={lostAt} />
          <Outlet />
        </>
      )}
    </>
  );
}

const root = createRootRoute({ component: Root, validateSearch: parseSearch });

const fleet = createRoute({ getParentRoute: () => root, path: '/', component: FleetPage });

const miner = createRoute({
  getParentRoute: () => root,
  path: '/miners/$id',
  component: lazyRouteComponent(() => import('./detail/miner-page.tsx'), 'MinerPage'),
});

const matrix = createRoute({
  getParentRoute: () => root,
  path: '/matrix',
  validateSearch: parseMatrixSearch,
  component: lazyRouteComponent(() => import('./matrix/matrix-page.tsx'), 'MatrixPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([fleet, miner, matrix]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: FleetPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
