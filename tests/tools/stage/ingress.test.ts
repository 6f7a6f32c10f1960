import { configSchema } from '@ccci/lib/config/schema.ts';
import t from 'tap';
import { readIngress } from '../../../tools/stage/ingress.ts';

const read = (stage: object) => readIngress(configSchema.parse({ stage }).stage, '/etc/ccci');

t.test('the way in, as it is configured', async (t) => {
  t.same(read({}), { kind: 'direct' });
  t.same(read({ ingress: 'traefik', proxy: 'traefik_app' }), {
    kind: 'traefik',
    proxy: 'traefik_app',
    connect: { address: '127.0.0.1', port: 443 },
    caFile: null,
  });
  const six = { ingress: 'traefik', proxy: 'label=a=b', proxyConnect: '[::1]:8443', proxyCaFile: 'ca.pem' };
  t.match(read(six), { connect: { address: '::1', port: 8443 }, caFile: '/etc/ccci/ca.pem' });
});

t.test('what cannot be meant', async (t) => {
  t.throws(() => read({ ingress: 'traefik' }), { status: 78, message: /stage\.proxy does not say/ });
  for (const proxyConnect of ['traefik:443', '127.0.0.1', 'http://127.0.0.1:443'])
    t.throws(() => read({ proxyConnect }), /expected ADDRESS:PORT/, proxyConnect);
});
