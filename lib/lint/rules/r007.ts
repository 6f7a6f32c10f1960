import { type LintRule, unless } from '../facts.ts';

const fields = ['Category', 'Backups', 'Email', 'Healthcheck', 'Image', 'SSO'] as const;

/** The catalogue is made of these lines: `* **Category**: Apps`. */
export const r007: LintRule = {
  id: 'R007',
  level: 'warn',
  wants: 'README.md has its metadata filled in',
  check: ({ readme }) => {
    if (readme === null) return { status: 'fail', detail: 'no README.md' };
    const block = /<!--\s*metadata\s*-->([\s\S]*?)<!--\s*endmetadata\s*-->/.exec(readme)?.[1];
    if (block === undefined)
      return { status: 'fail', detail: 'no lines between <!-- metadata --> and <!-- endmetadata -->' };
    return unless(
      fields.filter(
        (field) => !new RegExp(`^[ \\t]*[*-][ \\t]*\\*\\*${field}\\*\\*[ \\t]*:[ \\t]*\\S`, 'im').test(block),
      ),
      'not filled in',
    );
  },
};
