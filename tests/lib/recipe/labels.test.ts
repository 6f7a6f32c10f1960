import type { Labels, Stack } from '@ccci/lib/recipe/compose.ts';
import { deployTimeoutSeconds, routedService, versionLabel } from '@ccci/lib/recipe/labels.ts';
import t from 'tap';

const stackOf = (services: Record<string, Labels>): Stack => ({
  services: Object.fromEntries(
    Object.entries(services).map(([name, labels]) => [name, { deploy: { labels } }]),
  ),
});
const port = (name: string, value: string, kind = 'http') => ({
  'traefik.enable': 'true',
  [`traefik.${kind}.services.${name}.loadbalancer.server.port`]: value,
});

t.test('the routed service', async (t) => {
  t.equal(routedService(stackOf({ app: {} })), null);
  t.same(routedService(stackOf({ app: {}, web: port('st', '8080') })), {
    service: 'web',
    port: 8080,
    kind: 'http',
    tls: false,
  });
  t.same(
    routedService(
      stackOf({ app: { ...port('st-admin', '9000'), ...port('st', '80') }, aaa: port('x', '1') }),
    ),
    { service: 'app', port: 80, kind: 'http', tls: false },
    'app first, the shortest Traefik name of it',
  );
  t.same(
    routedService(stackOf({ app: port('st', '22', 'tcp'), web: port('st', '80') }))?.service,
    'web',
    'HTTP first',
  );
  t.same(routedService(stackOf({ app: port('st', '22', 'tcp') })), {
    service: 'app',
    port: 22,
    kind: 'tcp',
    tls: false,
  });
  t.equal(routedService(stackOf({ app: { ...port('st', '80'), 'traefik.enable': 'false' } })), null);
  t.equal(routedService(stackOf({ app: port('st', '') })), null);
  t.equal(routedService(stackOf({ app: port('st', '70000') })), null);
});

t.test('timeout and version', async (t) => {
  const stack = stackOf({ app: { 'coop-cloud.st.timeout': '900', 'coop-cloud.st.version': '1.0.0+1' } });
  t.equal(deployTimeoutSeconds(stack, 'st'), 900);
  t.equal(deployTimeoutSeconds(stack, 'other'), 300);
  t.equal(deployTimeoutSeconds(stackOf({ app: { 'coop-cloud.st.timeout': '' } }), 'st'), 300);
  t.equal(versionLabel(stack, 'st'), '1.0.0+1');
  t.equal(versionLabel(stackOf({ web: {} }), 'st'), null);
});
