import { planStages, type StageFacts, scopeOf } from '@ccci/lib/plan/stages.ts';
import t from 'tap';

const usual: StageFacts = {
  options: {},
  skip: {},
  deployments: 2,
  customTests: 1,
  upgrade: { does: 'run', reason: null },
  backup: { head: true, base: true, setting: null },
};

function does(facts: Partial<StageFacts>): Record<string, string> {
  const stages = planStages({ ...usual, ...facts });
  return Object.fromEntries(
    stages.map(({ name, does, reason }) => [name, reason === null ? does : `${does}: ${reason}`]),
  );
}

t.test('everything runs where everything is there', async (t) => {
  const all = { install: 'run', upgrade: 'run', backup: 'run', restore: 'run', custom: 'run', lint: 'run' };
  t.same(does({}), all);
});

t.test('one deployment: the fresh install is not tested, where there is something to upgrade', async (t) => {
  t.match(does({ deployments: 1 }), {
    install: 'skip: fresh install not tested: deployments is 1 in recipe.yml',
    upgrade: 'run',
    custom: 'run',
  });
  const none = { does: 'skip', reason: 'nothing to upgrade from' } as const;
  t.match(does({ deployments: 1, upgrade: none }), { install: 'run' });
  t.match(does({ deployments: 1, skip: { upgrade: 'by hand' } }), { install: 'run' });
  t.match(does({ deployments: 1, options: { quick: true } }), { install: 'run' });
});

t.test('L54 declared skips take stages and rungs; a forgotten custom test is unver', async (t) => {
  t.match(does({ customTests: 0 }), { custom: 'unver: no custom tests' });
  t.match(does({ customTests: 0, skip: { functional: 'static site' } }), { custom: 'skip: static site' });
  const both = { backup: 'skip: stateless', restore: 'skip: stateless', upgrade: 'run' };
  t.match(does({ skip: { backup_restore: 'stateless' } }), both);
  t.match(does({ skip: { restore: 'by hand' } }), { backup: 'run', restore: 'skip: by hand' });
  t.match(does({ skip: { backup: 'stateless' } }), {
    backup: 'skip: stateless',
    restore: 'skip: nothing is backed up: stateless',
  });
});

t.test('a structural skip of backups counts only if it is true of the base as well', async (t) => {
  const none = 'skip: the recipe has no backup labels';
  const lost = 'run: the base has backup labels, this commit has none';
  const off = 'skip: backup.enabled is false in recipe.yml';
  t.match(does({ backup: { head: false, base: false, setting: null } }), { backup: none, restore: none });
  t.match(does({ backup: { head: false, base: null, setting: null } }), { backup: none, restore: none });
  t.match(does({ backup: { head: false, base: true, setting: null } }), { backup: lost, restore: lost });
  t.match(does({ backup: { head: true, base: true, setting: false } }), { backup: off, restore: off });
  t.match(does({ backup: { head: false, base: false, setting: true } }), { backup: 'run', restore: 'run' });
});

t.test('options leave stages out, and make the run partial', async (t) => {
  const left = 'skip: left out by --quick';
  t.same(does({ options: { quick: true } }), {
    install: 'run',
    upgrade: left,
    backup: left,
    restore: left,
    custom: 'run',
    lint: 'run',
  });
  const out = 'skip: left out by --stages=restore';
  t.same(does({ options: { stages: ['restore'] } }), {
    install: 'run',
    upgrade: out,
    backup: 'run',
    restore: 'run',
    custom: out,
    lint: out,
  });
  t.match(does({ options: { stages: ['lint'] } }), { install: /^skip/, lint: 'run' });
  t.equal(scopeOf({ quick: true }), 'partial');
  t.equal(scopeOf({ stages: ['lint'] }), 'partial');
  t.equal(scopeOf({ quick: false, stages: [], commit: 'abc1234' }), 'full');
});
