import type { Conversation } from '@ccci/lib/pages/comment.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { changesExample } from '@ccci/lib/records/changes.ts';
import { dropExample } from '@ccci/lib/records/drop.ts';
import { planExample } from '@ccci/lib/records/plan.ts';
import { type Preview, previewExample } from '@ccci/lib/records/preview.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import { recording, refused, type Story, viewOf } from './records.ts';

const about = (main: RunView | null, more: Partial<Conversation> = {}): Conversation => ({
  main,
  earlier: [],
  waiting: [],
  notices: [],
  ...more,
});

const changes = {
  ...changesExample,
  volumes: { added: [], dropped: ['cache'], renamed: [{ from: 'data', to: 'content' }] },
};
/** What a run tells after its policy, and what of it is recorded at its end. */
const told: Story = { changes, expectedMs: 372_000, plan: { ...planExample, counts: { custom: 3 } } };

const partial: Story = {
  plan: { scope: 'partial' },
  reasons: { upgrade: 'left out by --quick', backup: 'left out by --quick', restore: 'left out by --quick' },
  does: { upgrade: 'skip', backup: 'skip', restore: 'skip' },
};
const permit = (path: string) => `the operator can permit it in recipe.yml: allow: ["${path}"]`;
const policy: Story = {
  rows: {
    policy: {
      status: 'fail',
      cause: 'policy',
      summary:
        `compose.yml:7: service.app.cap_add: ["SYS_ADMIN"]: more rights than a service needs; ${permit('service.app.cap_add')}; ` +
        `compose.yml:9: service.app.pid: host: sees all processes; ${permit('service.app.pid')}`,
    },
    pull: null,
    install: null,
    backup: null,
    restore: null,
    custom: null,
    upgrade: null,
  },
};
const unready = 'the base cannot be rendered: compose.yml: services must be a map';

/** Up to the moment in which a stage begins. */
function until(stage: string, story: Story): RunView {
  const index = recording(story).findIndex((one) => one.type === 'stage.started' && one.stage === stage);
  return viewOf(story, index + 1);
}

const [checkedOut, judged, linted] = previewExample.stages;
const refusedEarly = [checkedOut!, { ...judged!, ...policy.rows?.policy }, linted!];

/** What waits, and was looked at meanwhile. */
function waiting(preview: Preview): RunView {
  return { ...viewOf({}, 1), preview, queued: { place: 3, etaMs: 700_000 } } as unknown as RunView;
}

/** Each kind of comment as it stands on a pull request, by name. */
export const conversations: Readonly<Record<string, () => Conversation>> = {
  heard: () => about(viewOf({}, 1)),
  waiting: () => about({ ...viewOf({}, 1), queued: { place: 3, etaMs: 700_000 } } as unknown as RunView),
  'waiting-previewed': () => about(waiting(previewExample)),
  'waiting-refused': () => about(waiting({ ...previewExample, stages: refusedEarly, changes: undefined })),
  'progress-checkout': () => about(viewOf(told, 4)),
  'progress-checked': () => about(until('install', told)),
  'progress-lint-failed': () =>
    about(
      until('backup', {
        ...told,
        rows: { lint: { status: 'fail', cause: 'recipe', summary: 'R009: no healthcheck of app' } },
      }),
    ),
  'progress-refused': () => about(until('lint', policy)),
  green: () =>
    about(
      viewOf({
        ...told,
        results: {
          screenshot: 'screenshot.png',
          screenshot_upgrade: 'screenshot-upgrade.png',
          summary_card: 'summary.png',
        },
      }),
    ),
  'green-no-tests': () =>
    about(
      viewOf({
        does: { custom: 'unver' },
        reasons: { custom: 'no custom tests' },
        plan: { tests: [], counts: { custom: 0 } },
      }),
    ),
  'green-lint': () =>
    about(
      viewOf({
        rows: {
          lint: {
            status: 'fail',
            cause: 'recipe',
            summary: 'R009: no healthcheck of app; R011: the image has no tag',
            tests: [
              { name: 'R009', status: 'fail', ms: 0, file: null, message: 'no healthcheck of app' },
              { name: 'R010 (warning)', status: 'fail', ms: 0, file: null, message: 'no vendor' },
              { name: 'R011', status: 'fail', ms: 0, file: null, message: 'the image has no tag' },
            ],
          },
        },
      }),
    ),
  red: () =>
    about(
      viewOf({
        ...told,
        ...refused,
        operator: [...(refused.operator ?? []), 'volume no longer used, its data stays: cache'],
      }),
    ),
  'red-tests': () =>
    about(
      viewOf({
        rows: {
          custom: {
            status: 'fail',
            cause: 'recipe',
            summary: '2 of 3 tests failed',
            tests: [
              {
                name: 'posts a note',
                status: 'fail',
                ms: 3,
                file: 'custom/test_posts.py',
                message: 'expected 201, got 500',
              },
              {
                name: 'reads it back',
                status: 'fail',
                ms: 3,
                file: 'custom/test_posts.py',
                message: 'not found',
              },
              { name: 'logs in', status: 'pass', ms: 3, file: 'custom/test_login.py' },
            ],
          },
        },
      }),
    ),
  incomplete: () => about(viewOf({ rows: { upgrade: { status: 'unver', on: null, summary: unready } } })),
  refused: () => about(viewOf(policy)),
  infra: () =>
    about(
      viewOf({
        rows: {
          pull: {
            status: 'fail',
            cause: 'infra',
            summary: 'docker.io answered 429 for ghost:5.9.1: the rate limit of the registry is used up',
          },
          install: null,
          backup: null,
          restore: null,
          custom: null,
          upgrade: null,
        },
      }),
    ),
  cancelled: () =>
    about(
      viewOf({
        rows: { backup: null, restore: null, custom: null, upgrade: null },
        results: { verdict: 'cancelled', reason: 'ana commented !cancel' },
      }),
    ),
  superseded: () =>
    about(viewOf({ results: { verdict: 'superseded', reason: 'ana asked again for another commit' } })),
  interrupted: () => about(viewOf({ results: { verdict: 'interrupted', reason: 'the machine went away' } })),
  partial: () => about(viewOf(partial)),
  'partial-red': () =>
    about(
      viewOf({
        ...partial,
        rows: { custom: { status: 'fail', cause: 'recipe', summary: '1 of 1 tests failed' } },
      }),
    ),
  'not-allowed': () =>
    about(null, {
      notices: [
        { ...dropExample, pr: triggerExample.pr, comment: { ...triggerExample.comment!, author: 'mallory' } },
      ],
    }),
  several: () =>
    about(viewOf(), {
      earlier: [viewOf(refused)],
      waiting: [viewOf({}, 1)],
      notices: [{ ...dropExample, comment: { ...triggerExample.comment!, author: 'mallory' } }],
    }),
};
