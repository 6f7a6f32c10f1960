import { printStack } from '@ccci/lib/recipe/compose.ts';
import { prepareForRun } from '@ccci/lib/recipe/for-run.ts';
import { withLimits } from '@ccci/lib/recipe/run-limits.ts';
import t from 'tap';
import { render, renderText } from './rendered.ts';

const limits = { memoryMb: 100, pids: 50, logMb: 5 };
const memory = String(100 * 1024 ** 2);

t.test('a service without limits gets those of memory, processes and log', async (t) => {
  t.same(withLimits({ image: 'a:1' }, limits), {
    image: 'a:1',
    logging: { driver: 'json-file', options: { 'max-size': '5m', 'max-file': '2' } },
    deploy: { resources: { limits: { memory, pids: 50 } } },
  });
});

t.test('what the recipe sets stays, the rest is added', async (t) => {
  const deploy = {
    replicas: 2,
    resources: { limits: { cpus: '1', memory: '7' }, reservations: { memory: '5' } },
  };
  const logging = { driver: 'local', options: { 'max-size': '1m' } };
  t.same(withLimits({ deploy, logging }, limits), {
    logging: { driver: 'local', options: { 'max-size': '1m', 'max-file': '2' } },
    deploy: {
      replicas: 2,
      resources: { limits: { cpus: '1', memory: '7', pids: 50 }, reservations: { memory: '5' } },
    },
  });
});

t.test('a limit is never below what the recipe reserves', async (t) => {
  const deploy = { resources: { reservations: { memory: '999999999' } } };
  t.match(withLimits({ deploy }, limits).deploy, { resources: { limits: { memory: '999999999' } } });
});

t.test('the client reads a stack with limits back, whatever version its recipe has', async (t) => {
  const own = {
    stackName: 'st',
    network: 'n',
    owner: 'o',
    run: 'r',
    ref: 'f'.repeat(40),
    commitLabel: 'f',
    limits,
  };
  for (const version of ['3.8', '3.9', '3.13', '3']) {
    const text = `version: "${version}"\nservices: {app: {image: "a:1", deploy: {resources: {reservations: {memory: 200M}}}}}\n`;
    const { stack } = prepareForRun(await render({ files: { 'compose.yml': text } }), own);
    const back = await renderText({ files: { 'compose.yml': printStack(stack) } });
    t.match(back, /pids: 50/, version);
    t.match(back, /limits:\n\s+memory: "209715200"/, version);
  }
});
