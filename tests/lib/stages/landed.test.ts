import { judgeLanded, type Landing } from '@ccci/lib/stages/landed.ts';
import type { DeployedService } from '@ccci/lib/swarm/tasks.ts';
import t from 'tap';

const ref = 'abcdef0123456789abcdef0123456789abcdef01';
const chaos = 'coop-cloud.blog.chaos-version';

function service(name: string, more: Partial<DeployedService> = {}): DeployedService {
  const labels = { 'ccci.ref': ref, ...(name === 'app' ? { [chaos]: 'abcdef01' } : {}) };
  return {
    name,
    id: name,
    image: 'web:2',
    ref,
    labels,
    running: 1,
    wanted: 1,
    updateState: null,
    isDone: false,
    ...more,
  };
}

type Change = {
  readonly services?: readonly DeployedService[];
  readonly before?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly unchanged?: readonly string[];
  readonly dropped?: readonly string[];
  readonly update?: 'none' | 'completed';
  readonly isJob?: boolean;
  readonly on?: string | null;
};

function landing(change: Change): Landing {
  const { services = [service('app')], before = { app: {} }, unchanged = [], dropped = [] } = change;
  const { update = 'completed', isJob = false, on = ref } = change;
  return {
    ref,
    stack: 'blog',
    call: {
      before: Object.fromEntries(
        Object.entries(before).map(([name, Labels]) => [
          name,
          { version: 1, spec: { Name: name, Labels, TaskTemplate: {} }, updateStartedAt: null },
        ]),
      ),
      unchanged,
      dropped,
    },
    convergence: {
      ok: true,
      services: services.map(({ name }) => ({ service: name, running: 1, wanted: 1, update, isJob })),
    },
    deployment: { on, services },
  };
}

t.test('L30 L31 what changed must have been updated by this call', async (t) => {
  const good = judgeLanded(landing({}));
  t.equal(good.outcome, null);
  t.same(
    good.tests.map(({ name, status }) => [name, status]),
    [
      ['the update of app completed', 'pass'],
      ['the running tasks are those of the commit', 'pass'],
    ],
  );
  t.match(judgeLanded(landing({ update: 'none' })).outcome, {
    status: 'fail',
    cause: 'recipe',
    summary:
      'upgrade did not land: Swarm says of no update of app that it completed, although its definition changed',
  });
  t.equal(judgeLanded(landing({ update: 'none', isJob: true })).outcome, null, 'jobs have no updates');
  const none = [service('app', { wanted: 0, running: 0 })];
  t.equal(
    judgeLanded(landing({ update: 'none', services: none })).outcome,
    null,
    'nor has what has no tasks',
  );
});

t.test('the tasks and the label must be those of the commit', async (t) => {
  t.match(judgeLanded(landing({ on: `1${ref.slice(1)}` })).outcome, {
    status: 'fail',
    summary: 'upgrade did not land: the running tasks are those of 1bcdef012345',
  });
  t.match(judgeLanded(landing({ on: null })).outcome?.summary, /those of no single commit/);
  const labelled = (label: string) => [service('app', { labels: { [chaos]: label } })];
  t.match(judgeLanded(landing({ services: labelled('11111111') })).outcome, {
    status: 'fail',
    summary: 'upgrade did not land: the label chaos-version of app says 11111111, not abcdef01',
  });
  t.equal(judgeLanded(landing({ services: labelled('abcdef01+U') })).outcome, null);
});

t.test('L34 what the commit has not must be gone', async (t) => {
  const { tests, outcome } = judgeLanded(landing({ dropped: ['cache'] }));
  t.equal(outcome, null);
  t.ok(tests.some(({ name }) => name === 'cache, which the commit has not, is removed'));
  const services = [service('app'), service('cache')];
  t.match(judgeLanded(landing({ dropped: ['cache'], services, unchanged: ['cache'] })).outcome, {
    status: 'fail',
    summary: 'upgrade did not land: cache is still there',
  });
  t.equal(judgeLanded(landing({ dropped: ['cache'], unchanged: ['app'] })).outcome, null, 'that is a change');
});

t.test('L37 what is not updated: a new service, labels alone, nothing at all', async (t) => {
  const both = [service('app'), service('worker')];
  const added = judgeLanded(landing({ services: both, unchanged: ['app'], before: { app: {} } }));
  t.equal(added.outcome, null);
  t.ok(added.tests.some(({ name, status }) => name === 'worker is new and runs' && status === 'pass'));
  const relabelled = landing({ unchanged: ['app'], before: { app: { 'backupbot.backup': 'true' } } });
  t.match(judgeLanded(relabelled).outcome, { status: 'pass', summary: /^only labels changed \(app\)/ });
  const versions = { 'coop-cloud.blog.version': '1.0.0+1', [chaos]: '00000000', 'ccci.ref': 'x' };
  t.match(judgeLanded(landing({ unchanged: ['app'], before: { app: versions } })).outcome, {
    status: 'unver',
  });
});
