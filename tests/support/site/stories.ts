import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { refused, type Story } from '../../lib/pages/records.ts';

const environment = {
  ccci: 'ccci-stage/0.1.0',
  engine: '26.1.5',
  client: '28.2.2',
  node: 'v24.21.0',
  restic: 'restic 0.18.0',
  bubblewrap: null,
  images: {
    'docker.io/library/ghost:5.9.1-alpine': `sha256:${'4f'.repeat(32)}`,
    'docker.io/library/mysql:8.0': `sha256:${'a1'.repeat(32)}`,
  },
};

const customization = {
  counts: { install: 1, custom: 3 },
  tests: [
    { stage: 'install', file: 'install.test.ts', runner: 'node', origin: 'operator' },
    { stage: 'custom', file: 'custom/test_posts.py', runner: 'pytest', origin: 'operator' },
    { stage: 'custom', file: 'custom/newsletter.test.ts', runner: 'node', origin: 'operator' },
    { stage: 'custom', file: 'tests/feed.sh', runner: 'tap', origin: 'repository' },
  ],
  hooks: ['seed', 'check'],
  overlays: ['compose.ccci.yml'],
  settings: {
    health: { path: '/ghost/', ok: [200, 302] },
    timeouts: { deploy: 600, http: 300, run: 3_600 },
    env: { LOG_LEVEL: 'debug' },
    ready: [{ http: 'https://${DOMAIN}/', path: '/', ok: [200] }],
    exclusive: false,
  },
  tree: { path: 'ghost', commit: '1234567890abcdef1234567890abcdef12345678' },
  warnings: ['functional/ is deprecated; move its files to custom/'],
};

const changes = {
  against: '6.0.2+5.8.0',
  images: [
    { service: 'app', from: 'ghost:5.8.0-alpine', to: 'ghost:5.9.1-alpine' },
    { service: 'cache', from: null, to: 'redis:7.4-alpine' },
  ],
  services: { added: ['cache'], removed: [] },
  volumes: { added: ['cache_data'], dropped: ['content'], renamed: [{ from: 'mysql', to: 'db' }] },
  ports: { added: [], removed: ['app: 2368 (tcp)'] },
  variables: { added: ['SMTP_HOST', 'SMTP_PORT'], removed: ['MAIL_SERVER'] },
  secrets: { added: ['jwt_secret'], removed: [] },
  configs: { added: [], removed: [] },
};

const pictures = { screenshot: 'screenshot.png', screenshot_upgrade: 'screenshot-upgrade.png' };

/** A red run with all that a page can show. */
export const redStory: Story = {
  ...refused,
  does: { backup: 'skip' },
  rows: {
    ...refused.rows,
    custom: {
      tests: [
        { name: 'a post can be written', status: 'pass', ms: 412, file: 'custom/test_posts.py' },
        { name: 'the feed has the post', status: 'pass', ms: 88, file: 'tests/feed.sh' },
      ],
    },
  },
  results: { environment, customization, changes, ...pictures },
};

/** A green one. */
export const greenStory: Story = {
  rows: redStory.rows?.custom === undefined ? {} : { custom: redStory.rows.custom },
  logs: { install: ['listening on 2368'] },
  results: {
    environment,
    customization,
    changes: { ...changes, volumes: { added: [], dropped: [], renamed: [] } },
    ...pictures,
  },
};

/** What tries to be more than text. */
export const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202e\u001b[31mred\u001b[0m`;

/** Nothing but hostile strings, one of them a megabyte long. */
export const evilStory: Story = {
  rows: {
    custom: {
      status: 'fail',
      cause: 'recipe',
      summary: evil,
      tests: [
        { name: evil, status: 'fail', ms: 1, file: evil, message: `${evil}\n${'x'.repeat(1_000_000)}` },
      ],
    },
  },
  logs: { custom: [evil, 'y'.repeat(1_000_000)] },
  operator: [evil],
  results: {
    recipe: evil,
    version: evil,
    reason: evil,
    ref: evil,
    base: evil,
    environment: { [evil]: evil, images: { [evil]: evil } },
    customization: { [evil]: { [evil]: [evil] }, tests: [{ file: evil, stage: evil }], warnings: [evil] },
    changes: { ...changes, against: evil, images: [{ service: evil, from: evil, to: evil }] },
    screenshot: '../../../etc/passwd',
  },
};

/** A log record of the run of these stories. */
export function logRecord(line: string, service = 'app', stage = 'install'): AnyRecord {
  const stamp = { v: 1, at: '2026-11-23T10:15:00.000Z', by: 'ccci-stage/0.1.0' };
  return { type: 'log', ...stamp, key: 'gitea-14497', run: 'gitea-14497', stage, service, line };
}
