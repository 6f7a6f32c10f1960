import { makeMasker } from '@ccci/lib/runs/mask.ts';
import fc from 'fast-check';
import t from 'tap';

function maskerOf(...secrets: string[]) {
  const masker = makeMasker();
  for (const secret of secrets) masker.add(secret);
  return masker;
}

const odd = `p/a+s's"w ö&r%d`;

t.test('all usual forms', async (t) => {
  const { mask, finds } = maskerOf(odd);
  const forms = {
    plain: odd,
    JSON: JSON.stringify(odd).slice(1, -1),
    'JSON with \\/': JSON.stringify(odd).slice(1, -1).replaceAll('/', '\\/'),
    shell: odd.replaceAll("'", "'\\''"),
    URL: encodeURIComponent(odd),
    'URL, small': encodeURIComponent(odd).replaceAll(/%../g, (digits) => digits.toLowerCase()),
    'URL, strict': encodeURIComponent(odd).replaceAll("'", '%27'),
    'printf %q': `p/a+s\\'s\\"w\\ ö\\&r%d`,
    'double quotes': odd.replaceAll('"', '\\"'),
    HTML: odd.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    form: new URLSearchParams({ a: odd }).toString().slice(2),
  };
  for (const [name, form] of Object.entries(forms)) {
    t.equal(mask(`before ${form} after`), 'before *** after', name);
    t.ok(finds(`x${form}x`), name);
  }
  t.equal(mask(`${odd}${odd}`), '******', 'each time');
  t.equal(mask('nothing of it'), 'nothing of it');
  t.notOk(finds('nothing of it'));
});

t.test('each character escaped in its own way, and twice', async (t) => {
  const { mask, finds } = maskerOf(odd);
  const once = JSON.stringify(odd).slice(1, -1);
  const forms = {
    'JSON in JSON': JSON.stringify(once).slice(1, -1),
    'every byte of a URL': [...Buffer.from(odd)].map((byte) => `%${byte.toString(16)}`).join(''),
    "Python's repr": odd.replaceAll("'", "\\'"),
    YAML: odd.replaceAll("'", "''"),
    XML: odd.replaceAll('&', '&amp;').replaceAll("'", '&#x27;').replaceAll('"', '&#34;'),
    'JSON for HTML': odd.replaceAll('&', '\\u0026').replaceAll("'", '\\u0027').replaceAll('"', '\\"'),
    'shell, the other way': odd.replaceAll("'", `'"'"'`),
  };
  for (const [name, form] of Object.entries(forms)) {
    t.equal(mask(`before ${form} after`), 'before *** after', name);
    t.ok(finds(`x${form}x`), name);
  }
});

t.test('Base64, wherever it lies in what is encoded', async (t) => {
  for (const secret of ['s3cret', 's3cret-7', 'gönnjamin', '>>>???ÿÿÿ', 'k'.repeat(40), odd]) {
    const { mask, finds } = maskerOf(secret);
    for (const before of ['', 'a', 'ab', 'abc', 'user:']) {
      for (const after of ['', '\n', ':x', 'xyz']) {
        for (const alphabet of ['base64', 'base64url'] as const) {
          const encoded = Buffer.from(`${before}${secret}${after}`).toString(alphabet);
          const masked = mask(`Basic ${encoded}`);
          t.ok(finds(encoded), `${before}${secret}${after} in ${alphabet}`);
          const size = Math.floor((Buffer.byteLength(secret) * 8) / 6) - 1;
          const around = Math.ceil(((before.length + after.length) * 8) / 6) + 6;
          t.ok(
            masked.length <= 'Basic ***'.length + around && size > 0,
            `${masked} holds only what is around`,
          );
        }
      }
    }
  }
});

t.test('from six characters', async (t) => {
  const { mask, finds } = maskerOf('', 'a', 'admin', '  admin  ', 'öäüß?');
  for (const text of ['admin', 'a banana', Buffer.from('admin').toString('base64'), 'öäüß?']) {
    t.equal(mask(text), text);
    t.notOk(finds(text));
  }
  t.equal(maskerOf('admin1').mask('admin1'), '***');
  t.equal(maskerOf('  s3cret\n').mask('a s3cret b'), 'a *** b', 'space around it is no part of it');
});

t.test('nothing of one stays behind the other', async (t) => {
  const secrets = ['s3cret', 's3cret-longer', 'longer-still', 'cretins'];
  for (const order of [secrets, [...secrets].reverse()]) {
    const { mask } = maskerOf(...order);
    t.equal(mask('a s3cret-longer b'), 'a *** b', 'the longer one');
    t.equal(mask('a s3cret-longer-still b'), 'a *** b', 'two that overlap');
    t.equal(mask('a s3cretins b'), 'a *** b');
  }
  t.equal(maskerOf('ababab').mask('xababababx'), 'x***x', 'one that overlaps itself');
  t.equal(maskerOf('$&$1$$').mask('x$&$1$$x'), 'x***x', 'no pattern');
});

t.test('a secret of many lines is masked line by line', async (t) => {
  const { mask } = maskerOf('-----BEGIN KEY-----\r\nMIIEvQIBADANBg\n  kqhkiG9w0BAQ\nab\n-----END KEY-----\n');
  t.equal(mask('app | MIIEvQIBADANBg'), 'app | ***');
  t.equal(mask('app | kqhkiG9w0BAQ'), 'app | ***');
  t.equal(mask('ab'), 'ab', 'a short line stays');
});

t.test('a long text that was cut in the middle of a secret', async (t) => {
  const { mask } = maskerOf('s3cret-battery');
  const long = 'x'.repeat(5_000);
  for (const [end, masked] of [
    ['s3cret-bat', '***'],
    ['s3cret-bat...', '***...'],
    ['s3cr', '***'],
    ['s3c', 's3c'],
    [Buffer.from('s3cret-battery').toString('base64').slice(0, 9), '***'],
  ] as const) {
    t.equal(mask(`${long}${end}`).slice(5_000), masked, end);
  }
  t.equal(mask('one that was not: s3cret-b'), 'one that was not: s3cret-b');
});

t.test('a lone surrogate is no reason to fail', async (t) => {
  t.doesNotThrow(() => maskerOf('s3cret\ud800').mask('x'));
});

t.test('no secret is ever found in what was masked', async (t) => {
  const secret = fc.string({ minLength: 6, maxLength: 12, unit: 'grapheme' });
  const parts = fc.array(fc.oneof(fc.string({ maxLength: 4 }), fc.nat(3)), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), parts, (secrets, pieces) => {
      const { mask, finds } = maskerOf(...secrets);
      const text = pieces
        .map((piece) => (typeof piece === 'string' ? piece : (secrets[piece] ?? '')))
        .join('');
      const masked = mask(text);
      return (
        secrets.every((s) => s.trim().length < 6 || s.includes('*') || !masked.includes(s.trim())) &&
        (finds(text) === (masked !== text) || text.includes('***'))
      );
    }),
  );
  t.pass('for any text');
});

t.test('the begin and the end of a secret, where others shorten it or write it in pieces', async (t) => {
  const { mask } = maskerOf('LMT=%^;9]HEtabcdefghij7fCVf]k7{5]$T', 'short-one-12');
  t.equal(mask("assert 'LMT=%^;9]HEt...7fCVf]k7{5]$T' == 'x'"), "assert '***...***' == 'x'");
  t.equal(mask('token LMT=%^;9]HEtab'), 'token ***', 'as far as it goes on');
  t.equal(mask('cdefghij7fCVf]k7{5]$T.'), '***.');
  t.equal(mask('LMT=%^;9'), 'LMT=%^;9', 'few characters tell nothing');
  t.equal(mask('short-one'), 'short-one', 'nor does a part of a short one');
});

t.test('what a shell has eaten of it does not show the rest', async (t) => {
  const { mask } = maskerOf(`hunter2 'of' "the" operator\\/&%`, `''""''`);
  for (const said of [`hunter2 of the operator/&%`, `hunter2 'of' the operator\\/&%`])
    t.equal(mask(`x ${said} y`), 'x *** y');
  t.equal(mask('abc'), 'abc', 'a secret of quotes alone masks nothing else');
});
