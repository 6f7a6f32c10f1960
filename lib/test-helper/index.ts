import { ask, servicePath } from './ask.ts';
import { openBrowser } from './browser.ts';
import { jsonOf, variable } from './environment.ts';
import { notRun } from './not-run.ts';
import type { App, ServiceInfo, StageState } from './types.ts';

/** The app under test; every value is read when it is asked for, so that importing it never fails. */
export const app: App = {
  get url() {
    return variable('CCCI_URL');
  },
  get domain() {
    return variable('CCCI_DOMAIN');
  },
  get recipe() {
    return variable('CCCI_RECIPE');
  },
  get ref() {
    return variable('CCCI_REF');
  },
  get stage() {
    return variable('CCCI_STAGE');
  },
  get state() {
    return jsonOf<StageState>('CCCI_STAGE_STATE');
  },
  get deps() {
    return jsonOf<App['deps']>('CCCI_DEPS_FILE');
  },
  fetch: (path, init) => fetch(new URL(path, variable('CCCI_URL')), init),
  exec: (service, argv, { dep, ...options } = {}) =>
    ask('POST', servicePath(service, dep, '/exec'), { argv, ...options }),
  logs: async (service, { dep, tail = 100 } = {}) =>
    (await ask<{ lines: string[] }>('GET', servicePath(service, dep, `/logs?tail=${tail}`))).lines,
  inspect: (service, { dep } = {}) => ask<ServiceInfo>('GET', servicePath(service, dep)),
  services: async ({ dep } = {}) =>
    (await ask<{ services: { name: string; stack: string; image: string }[] }>('GET', servicePath(null, dep)))
      .services,
  browser: async () => openBrowser(),
  requireDeps: (...recipes) => {
    const given = jsonOf<App['deps']>('CCCI_DEPS_FILE');
    const missing = recipes.filter((recipe) => !Object.hasOwn(given, recipe));
    if (process.env.CCCI_DEPS_READY !== '1') notRun('the dependencies of the recipe are not ready');
    if (Object.keys(given).length === 0)
      notRun('the recipe has no dependencies: add them to needs in recipe.yml');
    if (missing.length > 0) notRun(`no dependency ${missing.join(', ')}: add it to needs in recipe.yml`);
  },
  notRun,
};
