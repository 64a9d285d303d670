import { createApp } from './app.ts';

/**
 * The OpenAPI document of the daemon, as `GET /api/v1/openapi.json` gives it: made from the routes that the server
 * registers. Nothing listens and nothing is polled for it.
 */
export async function openApiDocument(version: string): Promise<object> {
  const nothing = () => {
    throw new Error('The document is made without a fleet');
  };
  const app = await createApp({
    version,
    listenHost: '127.0.0.1',
    token: '',
    pageDirectory: null,
    events: { open: nothing },
    list: nothing,
    snapshots: nothing,
    record: nothing,
    totals: nothing,
    health: nothing,
    examine: nothing,
    incidents: nothing,
    examineSilent: nothing,
    metrics: nothing,
    requestStop: nothing,
    onMistake: nothing,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
