import type { Stack } from '@ccci/lib/recipe/compose.ts';
import { judgePolicy } from '@ccci/lib/recipe/policy.ts';
import t from 'tap';

/** What is refused of a stack in which one service is given these keys, and the stack those. */
function judge(service: object, stack: object = {}) {
  const all = { services: { app: { image: 'nginx:1.25', ...service } }, ...stack } as unknown as Stack;
  const context = { stackName: 'st', network: 'st_run', domain: 'a.example.org', folders: ['/checkout'] };
  return judgePolicy(all, { allow: [], ...context }).map(({ path, rule }) => `${path}: ${rule}`);
}

const label = (key: string, value = '') => judge({ deploy: { labels: { [key]: value } } });

/** Each row of the policy: what asks for it, and what is said. */
const refused: readonly (readonly [what: string, found: readonly string[], words: RegExp])[] = [
  ['private address, 172.16/12', judge({ extra_hosts: ['db:172.20.0.1'] }), /only public IPv4 addresses/],
  ['private address, 192.168/16', judge({ extra_hosts: ['db:192.168.1.1'] }), /only public IPv4/],
  ['private address, 198.18/15', judge({ extra_hosts: { db: '198.19.0.1' } }), /only public IPv4/],
  [
    'labels that are no map',
    judge({ deploy: { labels: ['a=b'] } }),
    /deploy\.labels: a map is expected here/,
  ],
  [
    'limits that are no map',
    judge({ deploy: { resources: { limits: 'all' } } }),
    /limits: a map is expected/,
  ],
  ['a label of the run', label('ccci.owner', 'x'), /given by ccci alone/],
  ['a label of the engine', label('com.docker.stack.namespace', 'x'), /belong to the engine/],
  ['a label of another controller', label('swarm.cronjob.enable', 'true'), /other programs on the swarm/],
  [
    'a key of a mount',
    judge({ volumes: [{ type: 'volume', source: 'd', target: '/d', bind: {} }] }),
    /\.bind: this key/,
  ],
  [
    'an option of a volume mount',
    judge({ volumes: [{ type: 'volume', source: 'd', target: '/d', volume: { labels: {} } }] }),
    /volume\.labels: this key/,
  ],
  [
    'an option of memory',
    judge({ volumes: [{ type: 'tmpfs', target: '/d', tmpfs: { exec: true } }] }),
    /tmpfs\.exec: this key/,
  ],
  [
    'a label of a network',
    judge({}, { networks: { inner: { labels: { 'ccci.run': 'x' } } } }),
    /network\.inner\.labels\.ccci\.run/,
  ],
  [
    'a label of a config',
    judge({}, { configs: { c: { file: '/checkout/c', labels: { 'ccci.run': 'x' } } } }),
    /config\.c\.labels\.ccci\.run/,
  ],
  [
    'a file that climbs',
    judge({}, { configs: { c: { file: '/checkout/../etc/passwd' } } }),
    /outside the checkout/,
  ],
  [
    'a key of a use of a config',
    judge({ configs: [{ source: 'c', target: '/c', driver: 'x' }] }),
    /configs\.c\.driver: this key/,
  ],
  ['a kind of resources', judge({ deploy: { resources: { devices: [] } } }), /resources\.devices: this key/],
  [
    'a limit that is unknown',
    judge({ deploy: { resources: { limits: { io: 1 } } } }),
    /limits\.io: this key/,
  ],
  ['a key of logging', judge({ logging: { driver: 'local', plugin: 'x' } }), /logging\.plugin: this key/],
  ["Traefik's own service", label('traefik.http.routers.st.service', 'api@internal'), /dashboard, API/],
  [
    'a setting of Traefik that is unknown',
    label('traefik.experimental.plugins.x', 'y'),
    /is not on the list of the harmless/,
  ],
  [
    'files of the proxy',
    label('traefik.http.middlewares.st-a.forwardauth.tls.ca', '/etc/ca'),
    /files of the proxy are not/,
  ],
  [
    'every name over TCP on the entry point of the web',
    judge({
      deploy: {
        labels: {
          'traefik.tcp.routers.st.rule': 'HostSNI(`*`)',
          'traefik.tcp.routers.st.entrypoints': 'web-secure',
        },
      },
    }),
    /match nothing but a\.example\.org/,
  ],
  [
    'every name over HTTP, written as for TCP',
    judge({
      deploy: {
        labels: {
          'traefik.http.routers.st.rule': 'HostSNI(`*`)',
          'traefik.http.routers.st.entrypoints': 'ssh',
        },
      },
    }),
    /match nothing but/,
  ],
];

t.test('each row of the policy is refused for its own reason', async (t) => {
  for (const [what, found, words] of refused) {
    t.equal(found.length, 1, `${what}: ${JSON.stringify(found)}`);
    t.match(found[0], words, what);
  }
});

t.test('what is close to a refused row passes', async (t) => {
  const passing: readonly (readonly [what: string, found: readonly string[]])[] = [
    ['public addresses', judge({ extra_hosts: ['a:172.32.0.1', 'b:192.169.0.1', 'c:198.20.0.1'] })],
    ['a service without an image of its own', judge({ image: undefined })],
    ['words for errors', label('traefik.http.middlewares.st-e.errors.status', '500-599')],
    ['a page for errors', label('traefik.http.middlewares.st-e.errors.query', '/{status}.html')],
    [
      'all of TCP on an entry point of its own',
      judge({
        deploy: {
          labels: {
            'traefik.tcp.routers.st.rule': 'HostSNI(`*`)',
            'traefik.tcp.routers.st.entrypoints': 'ssh',
          },
        },
      }),
    ],
  ];
  for (const [what, found] of passing) t.same(found, [], what);
});
