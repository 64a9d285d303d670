import { type Action, action, HeadframeError, integer, type Links, type Prepared, pool, text } from '@headframe/model';
import { IN_PROCESS, shows, tell, tellStats } from './looks.ts';
import { isGetwork, maskedUri, splitUri, uriOf } from './pool-uri.ts';
import { CONNECTIONS, type Connection, connectionsIn } from './pools.ts';
import { callStep } from './steps.ts';

/* The connections that `-P` gave, changed one at a time (protocols.md 5.5, 5.7). */

const SOURCE = 'ethminer miner_getconnections';
/** Longest URL, worker and password: the URI that they make fits into one request. */
const MOST = 250;

const numberOfPool = () => integer({ about: 'number of the pool, from 0', min: 0, max: 999, source: SOURCE });

const list = async (links: Links): Promise<Connection[]> => connectionsIn(await tell(links, CONNECTIONS));

const named = (uri: string): string => {
  const { url, worker } = splitUri(uri);
  return `${url ?? 'nothing'}${worker === null ? '' : `, worker ${worker}`}`;
};

const listed = (connections: readonly Connection[]) =>
  connections.map(({ index, uri, active }) => ({ index, ...shown(uri), active }));

const shown = (uri: string) => {
  const { url, worker } = splitUri(uri);
  return { url, worker };
};

function at(connections: readonly Connection[], index: number, method: string): Connection {
  const found = connections.find((one) => one.index === index);
  if (found !== undefined) return found;
  const numbers = connections.map((one) => one.index).join(', ');
  const detail = `${method} takes the number of a pool of this rig (${numbers || 'it has none'}), not ${index}; nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

const SWITCHED = 'active of miner_getconnections, and whether it is connected';

/** A pool that does not answer is left again for the next: it counts when it is connected. */
const isInUse = (wanted: string) =>
  shows(
    SWITCHED,
    async (links) => {
      const connections = await list(links);
      const active = connections.find((one) => one.active) ?? null;
      const { connected } = await tellStats(links);
      const pool = active === null ? null : { index: active.index, ...shown(active.uri) };
      return { done: active?.uri === wanted && connected !== false, values: { pool, connected } };
    },
    60_000,
  );

function noteOf(connection: Connection): string {
  const isActive = connection.active ? '; it is in use already, and nothing happens then' : '';
  return `Pool ${connection.index} is ${named(connection.uri)}${isActive}`;
}

export const switchPool: Action = action(
  { pool: numberOfPool() },
  async (links, { pool: index }): Promise<Prepared> => {
    const method = 'miner_setactiveconnection';
    const wanted = at(await list(links), index, method);
    return {
      notes: [noteOf(wanted)],
      steps: [callStep(links, { method, params: { index } })],
      readBack: isInUse(wanted.uri),
    };
  },
  {
    does: 'Leaves the pool in use and connects to another one of the list',
    takes: 'some seconds',
    lasting: IN_PROCESS,
  },
);

const count = (connections: readonly Connection[], uri: string): number =>
  connections.filter((one) => one.uri === uri).length;

export const addPool: Action = action(
  { pool: pool({ source: 'ethminer -P', most: MOST }) },
  async (links, { pool: given }): Promise<Prepared> => {
    const method = 'miner_addconnection';
    const uri = uriOf(given);
    const before = await list(links);
    if (before.some((one) => isGetwork(one.uri) !== isGetwork(uri))) {
      const detail = 'ethminer does not mix Stratum with getwork (http://) in one list; nothing was sent';
      throw new HeadframeError('usage/invalid', { detail });
    }
    return {
      notes: [`It becomes one of ${before.length + 1}; switch-pool uses it then`],
      steps: [callStep(links, { method, params: { uri }, uri })],
      readBack: shows(CONNECTIONS, async (again) => {
        const now = await list(again);
        return { done: count(now, uri) > count(before, uri), values: { pools: listed(now) } };
      }),
    };
  },
  { lasting: IN_PROCESS },
);

export const removePool: Action = action(
  { pool: numberOfPool() },
  async (links, { pool: index }): Promise<Prepared> => {
    const method = 'miner_removeconnection';
    const before = await list(links);
    const gone = at(before, index, method);
    if (gone.active) {
      const detail = `pool ${index} (${named(gone.uri)}) is in use, and ethminer does not remove that one; nothing was sent`;
      throw new HeadframeError('usage/invalid', { detail, next: 'Switch to another one first: switch-pool.' });
    }
    return {
      notes: [`Pool ${index} is ${named(gone.uri)}; those behind it move up by one`],
      steps: [callStep(links, { method, params: { index } })],
      readBack: shows(CONNECTIONS, async (again) => {
        const now = await list(again);
        return { done: count(now, gone.uri) < count(before, gone.uri), values: { pools: listed(now) } };
      }),
    };
  },
  { lasting: IN_PROCESS },
);

/** Its other form, which the document does not have (protocols.md 5.5). */
export const setactiveconnection: Action = action(
  {
    uri: {
      ...text({ about: 'URI of a connection, as -P or add-pool gave it', most: 800, source: SOURCE }),
      // It may hold a password.
      secret: true,
    },
  },
  async (links, { uri }): Promise<Prepared> => {
    const wanted = (await list(links)).find((one) => one.uri.toLowerCase() === uri.toLowerCase());
    if (wanted === undefined) {
      const detail = `no connection of this rig is ${maskedUri(uri)}; nothing was sent`;
      throw new HeadframeError('usage/invalid', { detail });
    }
    return {
      notes: [noteOf(wanted)],
      steps: [callStep(links, { method: 'miner_setactiveconnection', params: { URI: uri }, uri })],
      readBack: isInUse(wanted.uri),
    };
  },
  { does: 'Connects to the pool that has this URI', takes: 'some seconds', lasting: IN_PROCESS },
);
