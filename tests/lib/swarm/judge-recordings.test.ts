import { emptyHistory } from '@ccci/lib/swarm/history.ts';
import { type Judgement, judge } from '@ccci/lib/swarm/judge.ts';
import t from 'tap';
import { type Recording, readRecordings } from './recordings.ts';

/** What each recorded update must be judged to be, and what the last failed task said. */
const expected: Readonly<Record<string, readonly [string, RegExp?]>> = {
  's-ok: good image': ['converged'],
  's-ok: no-op (same image)': ['converged'],
  's-ok: forced no-op': ['converged'],
  's-badimg-pause: bad image pause': ['paused', /No such image/],
  's-badimg-rb: bad image rollback': ['rolled-back', /No such image/],
  's-badimg-cont: bad image continue': ['image-missing', /No such image/],
  's-hc-pause: bad healthcheck pause': ['paused', /unhealthy container/],
  's-hc-rb: bad healthcheck rollback': ['rolled-back', /unhealthy container/],
  's-hc-rb-sf: bad healthcheck rollback start-first': ['rolled-back', /unhealthy container/],
  's-exit-pause: exiting app pause': ['paused', /non-zero exit \(3\)/],
  's-exit-rb: exiting app rollback': ['rolled-back', /non-zero exit \(3\)/],
  's-rbp: 1. bad image continue': ['image-missing', /No such image/],
  's-rbp: 2. other bad image, rollback w/ failure_action pause': [
    'rollback-paused',
    /No such image: nosuch:2/,
  ],
  's-pend: unsatisfiable constraint': ['unplaceable', /no suitable node/],
};

for (const engine of ['20.10', '26.1']) {
  t.test(`L30 L31 L32 every recorded update of engine ${engine} is judged for what it is`, async (t) => {
    const recordings = readRecordings(`update-states-${engine}.log`);
    t.same(
      recordings.map(({ name }) => name),
      Object.keys(expected),
    );
    for (const recording of recordings) {
      const [verdict, why] = expected[recording.name]!;
      const { judgement, updateState } = replay(recording);
      t.equal(wordFor(judgement), verdict, `${recording.name}: ${verdict}`);
      if (why)
        t.match(judgement.state === 'failed' && judgement.defect.failed.at(-1)?.Status.Err, why, 'and why');
      if (verdict === 'converged' && /good|forced/.test(recording.name))
        t.equal(updateState, 'completed', 'not before the update was');
    }
  });
}

/** Judges sight after sight until there is a verdict. */
function replay({ sights, before, startedAt }: Recording): {
  judgement: Judgement;
  updateState: string | undefined;
} {
  let history = emptyHistory;
  let judgement: Judgement | null = null;
  let updateState: string | undefined;
  for (const sight of sights) {
    updateState = sight.services[0]?.UpdateStatus?.State;
    judgement = judge('st', sight, { before, startedAt }, history);
    history = judgement.history;
    if (judgement.state !== 'waiting') break;
  }
  return { judgement: judgement!, updateState };
}

function wordFor(judgement: Judgement): string {
  return judgement.state === 'failed' ? judgement.defect.kind : judgement.state;
}
