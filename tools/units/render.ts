import type { Folder, Section, Setting, Table } from './table.ts';

export type Sections = Readonly<Record<string, Section>>;

/** A unit file: its sections in order; empty ones are left out. */
export function renderUnit(sections: Sections): string {
  return Object.entries(sections)
    .filter(([, section]) => Object.keys(section).length > 0)
    .map(([name, section]) => `[${name}]\n${Object.entries(section).map(renderSetting).join('')}`)
    .join('\n');
}

/** Users and groups, for systemd-sysusers. */
export function renderSysusers({ users, group, pagesGroup }: Table): string {
  const groups = [group, pagesGroup].map((name) => `g ${name} -`);
  const people = Object.entries(users).flatMap(([name, user]) => [
    `u ${name} -:${group} ${JSON.stringify(user.description)}`,
    ...user.groups.filter((one) => one !== group).map((one) => `m ${name} ${one}`),
  ]);
  return `${[...groups, ...people].join('\n')}\n`;
}

/** Folders, for systemd-tmpfiles. */
export function renderTmpfiles(folders: readonly Folder[]): string {
  return folders.map(({ path, mode, user, group }) => `d ${path} ${mode} ${user} ${group} -\n`).join('');
}

/** Puts the values of a host in the place of `@name@`, in whatever has them. */
export function fill<Value>(value: Value, values: Readonly<Record<string, string>>): Value {
  const text = JSON.stringify(value).replaceAll(
    /@([a-zA-Z]+)@/g,
    (whole, name: string) => values[name] ?? whole,
  );
  return JSON.parse(text) as Value;
}

function renderSetting([key, value]: [string, Setting]): string {
  if (typeof value === 'object') return value.map((one) => `${key}=${one}\n`).join('');
  return `${key}=${String(value)}\n`;
}
