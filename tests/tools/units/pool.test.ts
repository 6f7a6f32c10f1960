import t from 'tap';
import { checkPool } from '../../../tools/units/pool.ts';

const usual = { pool: '10.96.0.0/12', mask: 24, proxySubnet: '10.80.0.0/16', slots: 1 };

t.test('pools that hold the networks of all slots', async (t) => {
  for (const pool of ['10.96.0.0/12', '192.168.0.0/16', '172.16.0.0/12', '100.64.0.0/10', '10.81.0.0/16'])
    t.doesNotThrow(() => checkPool({ ...usual, pool }), pool);
  // 2^(24-18) - 1 = 63 networks: one slot needs 32, two need 64.
  t.doesNotThrow(() => checkPool({ ...usual, pool: '10.96.0.0/18' }));
});

t.test('what is no network is usage, with the form that is expected', async (t) => {
  const none = ['banana', '', '10.96.0.0', '10.96.0.0/33', '10.96.0/12', '256.0.0.0/8', '010.96.0.0/12'];
  for (const pool of [...none, '10.96.0.0/012', ' 10.96.0.0/12', '10.96.0.0/12\n', 'fd00::/8', 'x"y'])
    t.throws(
      () => checkPool({ ...usual, pool }),
      { status: 64, code: 'bad-pool', message: /CIDR form is expected, such as 10\.96\.0\.0\/12$/ },
      JSON.stringify(pool),
    );
});

t.test('an address in the middle of its network is named with where that begins', async (t) => {
  const refused = { status: 64, message: /"10\.97\.3\.4\/12": the network .* begins at 10\.96\.0\.0\/12/ };
  t.throws(() => checkPool({ ...usual, pool: '10.97.3.4/12' }), refused);
});

t.test('public addresses, and networks that are private only in part', async (t) => {
  for (const pool of ['8.0.0.0/8', '0.0.0.0/0', '172.0.0.0/8', '192.0.0.0/8', '224.0.0.0/8', '127.0.0.0/8'])
    t.throws(() => checkPool({ ...usual, pool }), { status: 64, message: /private ones are expected/ }, pool);
});

t.test('the network of the proxy is nobody else’s', async (t) => {
  for (const pool of ['10.0.0.0/8', '10.80.0.0/16', '10.80.0.0/12'])
    t.throws(() => checkPool({ ...usual, pool }), { status: 64, message: /overlaps 10\.80\.0\.0\/16/ }, pool);
});

t.test(
  'a pool that is too small for the slots says how many networks there are and are needed',
  async (t) => {
    const small = (pool: string, slots: number) => () => checkPool({ ...usual, pool, slots });
    t.throws(small('10.96.0.0/18', 2), { status: 78, message: /room for 63 .*stage\.slots: 2 needs 64$/ });
    t.throws(small('10.96.0.0/25', 1), { status: 78, message: /room for 0 networks of \/24/ });
    t.throws(small(usual.pool, 200), { code: 'small-pool', message: /stage\.slots: 200 needs 6400/ });
  },
);
