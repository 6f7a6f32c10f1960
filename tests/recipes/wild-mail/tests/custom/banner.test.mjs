import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';

test('the banner, through the address that tests are given', async () => {
  const [host, port] = process.env.CCCI_CONNECT.split(':');
  assert.equal(process.env.CCCI_URL, `tcp://${process.env.CCCI_DOMAIN}:${port}`);
  const socket = connect({ host, port: Number(port) });
  socket.end('QUIT\r\n');
  let text = '';
  for await (const piece of socket) text += piece;
  assert.equal(text, '220 mail "ready" # $HOME\nQUIT\r\n');
});
