import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { judgeTable } from '@ccci/lib/backup/in-snapshot.ts';
import { searchTar } from '@ccci/lib/backup/search-tar.ts';
import { type SeededTable, wordsOf } from '@ccci/lib/backup/tables.ts';
import t from 'tap';

const table: SeededTable = {
  service: 'db',
  kind: 'postgres',
  volumes: ['db'],
  table: 'ccci_seed_abc',
  checksum: '',
};
const rows = wordsOf(table);
const dump = `CREATE TABLE ccci_seed_abc;\nCOPY\n${rows.join('\n')}\n`;

t.test('L40 a dump has to hold the last row of the seeded table', async (t) => {
  t.match(await judge({ 'dump.sql': dump }), { status: 'pass' });
  t.match(await judge({ 'dump.sql.gz': gzipSync(dump) }), { status: 'pass' });
  t.match(await judge({ 'dump.sql': '' }), {
    status: 'fail',
    message: /holds no dump with the seeded table/,
  });
  t.match(await judge({ 'dump.sql': 'CREATE TABLE ccci_seed_abc;' }), {
    status: 'fail',
    message: /none of its rows/,
  });
  t.match(await judge({ 'dump.sql': dump.slice(0, -45) }), { status: 'fail', message: /breaks off/ });
  t.match(await judge({ 'dump.sql.gz': gzipSync(dump).subarray(0, 60) }), { status: 'fail' });
});

t.test('in a copy of the server’s own files a row may be cut by a page', async (t) => {
  const cut = dump.slice(0, -45);
  t.match(await judge({ wal: cut }, true), { status: 'pass' });
  t.match(await judge({ wal: 'ccci_seed_abc' }, true), { status: 'fail' });
});

t.test('what cannot be looked into is left to the restore, unless its list of tables says no', async (t) => {
  const zstd = Buffer.from('28b52ffd0000', 'hex');
  t.match(await judge({ 'dump.zst': zstd }), { status: 'skip', message: /dump\.zst holds is compressed/ });
  t.match(await judge({ 'dump.c': 'PGDMP ccci_seed_abc …' }), { status: 'skip' });
  t.match(await judge({ 'dump.c': 'PGDMP other tables' }), { status: 'fail' });
});

async function judge(files: Record<string, string | Buffer>, areFilesSaved = false) {
  const scratch = mkdtempSync(join(tmpdir(), 'ccci-tar-'));
  try {
    mkdirSync(join(scratch, 'volumes', 'st_db'), { recursive: true });
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(scratch, 'volumes', 'st_db', name), content);
    const tar = execFileSync('tar', ['-C', scratch, '-cf', '-', 'volumes']);
    const search = await searchTar(Readable.from([tar]), [table.table, ...rows]);
    return judgeTable(table, search, areFilesSaved);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
