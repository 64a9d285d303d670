import { useNavigate, useSearch } from '@tanstack/react-router';
import { filterRows } from '../data/filter.ts';
import { useFleet } from '../data/live.ts';
import { SICK_FIRST, type Sort } from '../data/order.ts';
import { type PageSearch, parseSort, sortText } from '../page-search.ts';
import { Toolbar } from '../parts/toolbar.tsx';
import { TEXTS } from '../texts.ts';
import { FleetTable } from './fleet-table.tsx';
import { useOrder } from './use-order.ts';

/** All machines. What is searched and how it is sorted stands in the address, so that it can be kept and shared. */
export function FleetPage() {
  const view = useFleet();
  const { q = '', show = 'all', sort: sortParameter } = useSearch({ from: '__root__' });
  const navigate = useNavigate();
  const sort = parseSort(sortParameter);
  const fitting = filterRows(view?.rows.values() ?? [], q, show);
  const rows = useOrder(fitting, sort);
  if (view === undefined) return null;
  const change = (more: PageSearch) =>
    navigate({ to: '/', search: (before) => ({ ...before, ...more }), replace: true });
  const onSort = (next: Sort) => change({ sort: sortText(next) });
  return (
    <>
      <Toolbar
        view={view}
        search={q}
        show={show}
        shown={rows.length}
        onSearch={(text) => change({ q: text === '' ? undefined : text })}
        onShow={(value) => change({ show: value === 'all' ? undefined : value })}
        onSickFirst={sort.by === 'sick' ? null : () => onSort(SICK_FIRST)}
      />
      <FleetTable
        rows={rows}
        sort={sort}
        onSort={onSort}
        empty={view.rows.size === 0 ? TEXTS.none : TEXTS.noneFits}
        isMixed={view.totals.simulated > 0 && view.totals.simulated < view.totals.machines}
      />
    </>
  );
}
