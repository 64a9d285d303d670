/*
 * What devices say on port 80 that are no miners and may have got a miner's old address (protocols.md 12, row 4). The
 * headers and titles are in the manner of common ones of their kind; serial numbers and names are nobody's.
 */

export const STRANGER_KINDS = ['printer', 'lamp', 'nas'] as const;
export type StrangerKind = (typeof STRANGER_KINDS)[number];

export interface StrangerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface StrangerSite {
  /** Said with every reply. */
  readonly headers: Readonly<Record<string, string>>;
  readonly pages: Readonly<Record<string, { readonly type: string; readonly body: string }>>;
  readonly notFound: { readonly type: string; readonly body: string };
}

const html = (title: string, rest: string): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n${rest}\n</body>\n</html>\n`;

const PRINTER: StrangerSite = {
  headers: {
    server: 'HP HTTP Server; HP LaserJet MFP M428fdw - W1A30A; Serial Number: XXSIM00000;',
    'cache-control': 'no-cache',
  },
  pages: {
    '/': {
      type: 'text/html; charset=UTF-8',
      body: html(
        'HP LaserJet MFP M428fdw',
        '<h1>Embedded Web Server</h1>\n<ul><li>Device Status: Ready</li><li>Black Cartridge: 60%</li><li>Tray 2: A4, Plain</li></ul>',
      ),
    },
    '/DevMgmt/ProductConfigDyn.xml': {
      type: 'text/xml',
      body: '<?xml version="1.0" encoding="UTF-8"?>\n<prdcfgdyn2:ProductConfigDyn xmlns:prdcfgdyn2="http://www.hp.com/schemas/imaging/con/ledm/productconfigdyn/2009/03/16"/>\n',
    },
  },
  notFound: { type: 'text/html', body: html('Not Found', '<h1>404 Not Found</h1>') },
};

const LAMP: StrangerSite = {
  headers: { server: 'nginx', 'x-frame-options': 'SAMEORIGIN' },
  pages: {
    '/': {
      type: 'text/html',
      body: html('hue personal wireless lighting', '<div>Use a modern browser to view this resource.</div>'),
    },
    '/api/config': {
      type: 'application/json',
      body: '{"name":"Hue Bridge","datastoreversion":"126","swversion":"1953188020","apiversion":"1.53.0","mac":"02:00:5e:00:53:01","bridgeid":"02005EFFFE005301","factorynew":false,"modelid":"BSB002"}',
    },
    '/description.xml': {
      type: 'text/xml',
      body: '<?xml version="1.0" encoding="UTF-8" ?>\n<root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>Hue Bridge</friendlyName><modelName>Philips hue bridge 2015</modelName></device></root>\n',
    },
  },
  notFound: {
    type: 'text/html',
    body: '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
  },
};

const NAS: StrangerSite = {
  headers: { server: 'nginx', 'x-content-type-options': 'nosniff' },
  pages: {
    '/': {
      type: 'text/html; charset="UTF-8"',
      body: html(
        'DiskStation&nbsp;-&nbsp;Synology&nbsp;DiskStation',
        '<noscript>JavaScript is needed to use DiskStation Manager.</noscript>\n<script>location.port = 5000;</script>',
      ),
    },
    '/robots.txt': { type: 'text/plain', body: 'User-agent: *\nDisallow: /\n' },
  },
  notFound: {
    type: 'text/html',
    body: html('Hello! Welcome to Synology Web Station!', '<h1>Sorry, the page you are looking for is not found.</h1>'),
  },
};

const SITES: Readonly<Record<StrangerKind, StrangerSite>> = { printer: PRINTER, lamp: LAMP, nas: NAS };

/** What such a device answers; the body is left out for HEAD. */
export function strangerReply(kind: StrangerKind, method: string, path: string): StrangerReply {
  const { headers, pages, notFound } = SITES[kind];
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, headers: { ...headers, allow: 'GET, HEAD', 'content-type': 'text/plain' }, body: '' };
  }
  const [at = '/'] = path.split('?', 1);
  const page = Object.hasOwn(pages, at) ? pages[at] : undefined;
  const { type, body } = page ?? notFound;
  const length = String(Buffer.byteLength(body));
  return {
    status: page === undefined ? 404 : 200,
    headers: { ...headers, 'content-type': type, 'content-length': length },
    body: method === 'HEAD' ? '' : body,
  };
}
