import { parseVersions } from '@ccci/lib/recipe/abra.ts';
import t from 'tap';

t.test('takes exported versions as text and runs nothing', async (t) => {
  t.same(
    parseVersions(
      [
        '#!/bin/bash',
        'export NGINX_CONF_VERSION=v3',
        'export APP_INI_VERSION="v12" OTHER_VERSION=v1',
        '# export OLD_VERSION=v9',
        'export SEEN_VERSION=v4 # was SEEN_VERSION=v3',
        "export QUOTED_VERSION='v5';",
        'LOCAL_VERSION=v2',
        'export EVIL_VERSION=$(touch /tmp/x)',
        'function backup() {',
        '  export INNER_VERSION=v7',
        '}',
      ].join('\n'),
    ),
    {
      NGINX_CONF_VERSION: 'v3',
      APP_INI_VERSION: 'v12',
      OTHER_VERSION: 'v1',
      INNER_VERSION: 'v7',
      SEEN_VERSION: 'v4',
      QUOTED_VERSION: 'v5',
    },
  );
});
