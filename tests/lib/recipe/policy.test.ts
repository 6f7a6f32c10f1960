import { judgePolicy } from '@ccci/lib/recipe/policy.ts';
import { makeSourceOf } from '@ccci/lib/recipe/source-of.ts';
import t from 'tap';
import { render } from './rendered.ts';

const env = { STACK_NAME: 'st', DOMAIN: 'a.example.org' };
const options = {
  allow: [],
  stackName: 'st',
  network: 'ccci_net',
  domain: 'a.example.org',
  folders: ['/checkout'],
};
const extra = { conf: 'x', 'extra.env': 'A=1\n' };

async function judge(compose: string, more: Partial<Parameters<typeof judgePolicy>[1]> = {}) {
  const text = `version: "3.8"\n${compose}`;
  const stack = await render({ files: { 'compose.yml': text, ...extra }, env });
  const sourceOf = makeSourceOf([{ name: 'compose.yml', text }]);
  return judgePolicy(stack, { ...options, sourceOf, ...more });
}

t.test('a recipe as they are passes', async (t) => {
  const refusals = await judge(`
x-common: &common {logging: {driver: json-file, options: {max-size: 1m}}}
services:
  app:
    <<: *common
    image: nginx:1.25
    command: ["sh", "-c", "exec nginx"]
    entrypoint: /e.sh
    environment: [A=1]
    env_file: [extra.env]
    networks: {proxy: , internal: {aliases: [web]}}
    volumes: ["data:/data", "data2:/ro:ro", {type: tmpfs, target: /t, tmpfs: {size: 1000}}, "/anonymous"]
    configs: [{source: conf, target: /c, mode: 0444}]
    secrets: [pw]
    privileged: false
    extra_hosts: ["api.example.org:93.184.216.34"]
    healthcheck: {test: "true", interval: 30s, retries: 3, start_period: 1m}
    stop_grace_period: 10s
    ulimits: {nofile: {soft: 100, hard: 200}, memlock: -1}
    hostname: "{{.Node.Hostname}}"
    depends_on: [db]
    deploy:
      update_config: {failure_action: rollback, order: start-first}
      restart_policy: {condition: on-failure}
      resources: {limits: {memory: 100M, cpus: "0.5"}, reservations: {memory: 10M}}
      labels:
        - "traefik.enable=true"
        - "traefik.docker.network=proxy"
        - "traefik.http.routers.st.rule=Host(\`\${DOMAIN}\`, \`www.\${DOMAIN}\`) && PathPrefix(\`/\`)"
        - "traefik.http.services.st.loadbalancer.server.port=80"
        - "traefik.http.routers.st.entrypoints=web-secure"
        - "traefik.http.routers.st.tls.certresolver="
        - "traefik.http.routers.st.tls.domains[0].main=\${DOMAIN}"
        - "traefik.http.routers.st.tls.domains[0].sans=*.\${DOMAIN}"
        - "traefik.http.routers.st.middlewares=st-redirect,error-pages-middleware,headers@file"
        - "traefik.http.routers.st-admin.rule=Host(\`admin.\${DOMAIN}\`)"
        - "traefik.http.routers.st-admin.service=st"
        - "traefik.http.services.st-admin.loadbalancer.server.port=81"
        - "traefik.http.services.st.loadbalancer.sticky.cookie.name=s"
        - "traefik.http.services.st.loadbalancer.healthcheck.path=/"
        - "traefik.http.middlewares.st-redirect.headers.SSLForceHost=true"
        - "traefik.http.middlewares.st-redirect.headers.SSLHost=\${DOMAIN}"
        - "traefik.http.middlewares.st-auth.forwardauth.address=http://st_app:9000/auth"
        - "traefik.http.middlewares.st-auth.forwardauth.trustForwardHeader=true"
        - "traefik.http.middlewares.st-errors.errors.service=st"
        - "traefik.udp.routers.st-udp.entrypoints=jitsi"
        - "traefik.udp.services.st-udp.loadbalancer.server.port=10000"
        - "coop-cloud.st.version=1.0.0+1"
        - "backupbot.backup=true"
  db: {image: "postgres:16", networks: [internal]}
networks:
  proxy: {external: true}
  internal: {driver: overlay, attachable: false, internal: true, driver_opts: {encrypted: "true"}}
volumes: {data: , data2: {driver: local, labels: {org.opencontainers.image.title: b}}}
configs: {conf: {name: "\${STACK_NAME}_conf_v1", file: conf, template_driver: golang}}
secrets: {pw: {external: true, name: "\${STACK_NAME}_pw_v1"}}
`);
  t.same(refusals, []);
});

const app = (line: string) => `services: {app: {image: "a:1", ${line}}}`;
const label = (text: string) =>
  app(
    `deploy: {labels: {${JSON.stringify(text.split('=')[0])}: ${JSON.stringify(text.slice(text.indexOf('=') + 1))}}}`,
  );

const refused: Record<string, [compose: string, path: string]> = {
  'a mount of the host': [app('volumes: ["/etc:/host"]'), 'service.app.volumes./etc:/host'],
  'a mount of the checkout': [app('volumes: ["./conf:/host"]'), 'service.app.volumes./checkout/conf:/host'],
  'the socket of the engine': [
    app('volumes: ["/var/run/docker.sock:/s"]'),
    'service.app.volumes./var/run/docker.sock:/s',
  ],
  'a named pipe': [app('volumes: [{type: npipe, source: x, target: /y}]'), 'service.app.volumes.x:/y'],
  'a cluster volume': [
    `${app('volumes: [{type: cluster, source: data, target: /y}]')}\nvolumes: {data: }`,
    'service.app.volumes.data:/y',
  ],
  privileged: [app('privileged: true'), 'service.app.privileged'],
  cap_add: [app('cap_add: [NET_ADMIN]'), 'service.app.cap_add'],
  devices: [app('devices: [/dev/fuse]'), 'service.app.devices'],
  sysctls: [app('sysctls: {net.core.somaxconn: "1"}'), 'service.app.sysctls'],
  security_opt: [app('security_opt: ["seccomp:unconfined"]'), 'service.app.security_opt'],
  pid: [app('pid: host'), 'service.app.pid'],
  ipc: [app('ipc: host'), 'service.app.ipc'],
  userns_mode: [app('userns_mode: host'), 'service.app.userns_mode'],
  network_mode: [app('network_mode: host'), 'service.app.network_mode'],
  cgroup_parent: [app('cgroup_parent: /x'), 'service.app.cgroup_parent'],
  credential_spec: [app('credential_spec: {registry: x}'), 'service.app.credential_spec'],
  dns: [app('dns: [10.0.0.1]'), 'service.app.dns'],
  placement: [
    app('deploy: {placement: {constraints: ["node.role==manager"]}}'),
    'service.app.deploy.placement',
  ],
  'generic resources': [
    app(
      'deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: 1}}]}}}',
    ),
    'service.app.deploy.resources.reservations.generic_resources',
  ],
  ports: [app('ports: ["80:80"]'), 'service.app.ports'],
  'a log driver': [app('logging: {driver: syslog}'), 'service.app.logging.driver'],
  'an option of a log driver': [
    app('logging: {options: {syslog-address: "udp://a"}}'),
    'service.app.logging.options.syslog-address',
  ],
  'a private address': [
    app('extra_hosts: ["meta:169.254.169.254"]'),
    'service.app.extra_hosts.meta:169.254.169.254',
  ],
  'the host by name': [app('extra_hosts: ["h:host-gateway"]'), 'service.app.extra_hosts.h:host-gateway'],
  'an address in IPv6': [app('extra_hosts: ["h:::1"]'), 'service.app.extra_hosts.h:::1'],
  'an address of its own': [
    `${app('networks: {n: {ipv4_address: 10.1.1.1}}')}\nnetworks: {n: }`,
    'service.app.networks.n.ipv4_address',
  ],
  'an external volume': [`${app('volumes: ["v:/v"]')}\nvolumes: {v: {external: true}}`, 'volume.v.external'],
  'a volume of another stack': [
    `${app('volumes: ["v:/v"]')}\nvolumes: {v: {name: other_data}}`,
    'volume.v.name',
  ],
  'options of a volume': [
    `${app('volumes: ["v:/v"]')}\nvolumes: {v: {driver_opts: {type: none, o: bind, device: /}}}`,
    'volume.v.driver_opts',
  ],
  'a volume plugin': [`${app('volumes: ["v:/v"]')}\nvolumes: {v: {driver: rclone}}`, 'volume.v.driver'],
  'a foreign network': [
    `${app('networks: [n]')}\nnetworks: {n: {external: true, name: other_default}}`,
    'network.n.external',
  ],
  "the host's network": [
    `${app('networks: [n]')}\nnetworks: {n: {external: true, name: host}}`,
    'network.n.external',
  ],
  'a network plugin': [`${app('networks: [n]')}\nnetworks: {n: {driver: macvlan}}`, 'network.n.driver'],
  'a network named as another': [`${app('networks: [n]')}\nnetworks: {n: {name: proxy}}`, 'network.n.name'],
  'addresses of a network': [
    `${app('networks: [n]')}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.0/8}]}}}`,
    'network.n.ipam',
  ],
  'options of a network': [
    `${app('networks: [n]')}\nnetworks: {n: {driver_opts: {com.docker.network.bridge.name: docker0}}}`,
    'network.n.driver_opts.com.docker.network.bridge.name',
  ],
  'a foreign secret': [
    `${app('secrets: [s]')}\nsecrets: {s: {external: true, name: other_s_v1}}`,
    'secret.s.name',
  ],
  'a secret without the name of the stack': [
    `${app('secrets: [s]')}\nsecrets: {s: {external: true}}`,
    'secret.s.name',
  ],
  'a foreign config': [
    `${app('configs: [s]')}\nconfigs: {s: {external: true, name: other_s_v1}}`,
    'config.s.name',
  ],
  'a secret plugin': [`${app('secrets: [s]')}\nsecrets: {s: {driver: vault}}`, 'secret.s.driver'],
  'a file of the host': [`${app('configs: [s]')}\nconfigs: {s: {file: /etc/shadow}}`, 'config.s.file'],
  'labels of ours': [label('ccci.owner=x'), 'service.app.deploy.labels.ccci.owner'],
  'labels of the engine': [
    label('com.docker.stack.namespace=other'),
    'service.app.deploy.labels.com.docker.stack.namespace',
  ],
  'labels of the engine on a container': [
    app('labels: {com.docker.stack.namespace: other}'),
    'service.app.labels.com.docker.stack.namespace',
  ],
  'labels of ours on a volume': [
    `${app('volumes: ["v:/v"]')}\nvolumes: {v: {labels: {ccci.run: x}}}`,
    'volume.v.labels.ccci.run',
  ],
  'a foreign domain': [
    label('traefik.http.routers.st.rule=Host(`forge.example.org`)'),
    'service.app.deploy.labels.traefik.http.routers.st.rule',
  ],
  'the dashboard of the proxy': [
    label('traefik.http.routers.st.service=api@internal'),
    'service.app.deploy.labels.traefik.http.routers.st.service',
  ],
  'a service elsewhere': [
    label('traefik.http.services.st.loadbalancer.servers[0].url=http://10.0.0.1'),
    'service.app.deploy.labels.traefik.http.services.st.loadbalancer.servers[0].url',
  ],
  'a foreign network for the proxy': [
    label('traefik.docker.network=other_default'),
    'service.app.deploy.labels.traefik.docker.network',
  ],
  'TCP for all names on the web': [
    label('traefik.tcp.routers.st-ssh.rule=HostSNI(`*`)'),
    'service.app.deploy.labels.traefik.tcp.routers.st-ssh.rule',
  ],
  'a pattern of hosts': [
    label('traefik.http.routers.st.rule=HostRegexp(`.*`)'),
    'service.app.deploy.labels.traefik.http.routers.st.rule',
  ],
  'another domain beside its own': [
    label('traefik.http.routers.st.rule=Host(`a.example.org`) || Host(`forge.example.org`)'),
    'service.app.deploy.labels.traefik.http.routers.st.rule',
  ],
  'a path on every domain': [
    label('traefik.http.routers.st.rule=PathPrefix(`/login`)'),
    'service.app.deploy.labels.traefik.http.routers.st.rule',
  ],
  'a domain that its own only begins with': [
    label('traefik.http.routers.st.rule=Host(`a.example.org.evil.org`)'),
    'service.app.deploy.labels.traefik.http.routers.st.rule',
  ],
  "another stack's router": [
    label('traefik.http.routers.forge.priority=9'),
    'service.app.deploy.labels.traefik.http.routers.forge.priority',
  ],
  "another stack's middleware, made anew": [
    label('traefik.http.middlewares.error-pages.headers.framedeny=true'),
    'service.app.deploy.labels.traefik.http.middlewares.error-pages.headers.framedeny',
  ],
  "another stack's service": [
    label('traefik.http.routers.st.service=forge@swarm'),
    'service.app.deploy.labels.traefik.http.routers.st.service',
  ],
  'a service of another provider': [
    label('traefik.http.routers.st.service=st@file'),
    'service.app.deploy.labels.traefik.http.routers.st.service',
  ],
  'a service of several': [
    label('traefik.http.services.st.weighted.services[0].name=forge@swarm'),
    'service.app.deploy.labels.traefik.http.services.st.weighted.services[0].name',
  ],
  'a certificate for a foreign domain': [
    label('traefik.http.routers.st.tls.domains[0].sans=*.example.org'),
    'service.app.deploy.labels.traefik.http.routers.st.tls.domains[0].sans',
  ],
  'a middleware that asks elsewhere': [
    label('traefik.http.middlewares.st.forwardauth.address=http://169.254.169.254/'),
    'service.app.deploy.labels.traefik.http.middlewares.st.forwardauth.address',
  ],
  'a middleware that asks elsewhere by a user name': [
    label('traefik.http.middlewares.st.forwardauth.address=http://st_app:1@10.0.0.1/'),
    'service.app.deploy.labels.traefik.http.middlewares.st.forwardauth.address',
  ],
  'a middleware that reads a file of the proxy': [
    label('traefik.http.middlewares.st.basicauth.usersfile=/etc/passwd'),
    'service.app.deploy.labels.traefik.http.middlewares.st.basicauth.usersfile',
  ],
  'a plugin of the proxy': [
    label('traefik.http.middlewares.st.plugin.x.y=1'),
    'service.app.deploy.labels.traefik.http.middlewares.st.plugin.x.y',
  ],
  'labels of another controller': [
    label('ofelia.job-local.x.command=reboot'),
    'service.app.deploy.labels.ofelia.job-local.x.command',
  ],
  'labels in other letters': [
    label('TRAEFIK.http.routers.forge.priority=9'),
    'service.app.deploy.labels.TRAEFIK.http.routers.forge.priority',
  ],
  'a registry of the own network': ['services: {app: {image: "10.0.0.1:5000/a:1"}}', 'service.app.image'],
  'a registry without a domain': ['services: {app: {image: "registry:5000/a:1"}}', 'service.app.image'],
  'the registry of the machine itself': ['services: {app: {image: "localhost/a:1"}}', 'service.app.image'],
  'an option in the place of an image': ['services: {app: {image: "--help"}}', 'service.app.image'],
  'a shell in the place of an image': ['services: {app: {image: "a:1;reboot"}}', 'service.app.image'],
  'a template in a mount': [
    app('volumes: [{type: volume, target: "/{{.Node.Hostname}}"}]'),
    'service.app.volumes.:/{{.Node.Hostname}}',
  ],
  'a template in the name of a volume': [
    `${app('volumes: ["v:/v"]')}\nvolumes: {v: {name: "st_{{.Node.Hostname}}"}}`,
    'volume.v.name',
  ],
  'a path in the name of a volume': [
    `${app('volumes: ["v:/v"]')}\nvolumes: {v: {name: "st_/../../etc"}}`,
    'volume.v.name',
  ],
  'a limit that is a priority': [app('ulimits: {rtprio: 99}'), 'service.app.ulimits.rtprio'],
  'tasks without end': [app('deploy: {replicas: 1000}'), 'service.app.deploy.replicas'],
};

for (const [name, [compose, path]] of Object.entries(refused)) {
  t.test(`L64 refuses ${name}, unless allowed`, async (t) => {
    const refusals = await judge(compose);
    t.same(
      refusals.map((refusal) => refusal.path),
      [path],
    );
    const [refusal] = refusals;
    const lasting = path
      .replace('/checkout/', './')
      .replaceAll(/(?<![a-z0-9])st(?![a-z0-9])/gi, () => '${STACK_NAME}');
    t.equal(refusal?.allowLine, `allow: [${JSON.stringify(lasting)}]`);
    t.same(await judge(compose, { allow: [lasting] }), [], 'the line that is named lets it pass');
    t.ok(
      refusal?.message.includes(`${lasting}: `) && refusal.message.includes(refusal.allowLine),
      refusal?.message ?? 'no refusal',
    );
    t.match(refusal?.message, /^compose\.yml:\d+: /);
    t.same(await judge(compose, { allow: [path] }), []);
  });
}

t.test('says file, line, path, value, rule and cure', async (t) => {
  const [refusal] = await judge('services:\n  app:\n    image: a:1\n    cap_add:\n      - NET_ADMIN\n');
  t.same(refusal, {
    path: 'service.app.cap_add',
    value: '["NET_ADMIN"]',
    rule: 'it gives the container rights over the host',
    message:
      'compose.yml:5: service.app.cap_add: ["NET_ADMIN"]: it gives the container rights over the host; ' +
      'the operator can permit it in recipe.yml: allow: ["service.app.cap_add"]',
    allowLine: 'allow: ["service.app.cap_add"]',
  });
});

t.test('an unknown key is refused at each level', async (t) => {
  const stack = {
    services: { app: { image: 'a:1', gpus: 'all', deploy: { shiny: 1 }, constructor: 1 } },
    volumes: { v: { new: 1 } },
    networks: { n: { new: 1 } },
    configs: { c: { content: 'x' } },
    models: {},
  };
  t.same(
    judgePolicy(stack as never, options).map(({ path }) => path),
    [
      'config.c.content',
      'network.n.new',
      'service.app.constructor',
      'service.app.deploy.shiny',
      'service.app.gpus',
      'stack.models',
      'volume.v.new',
    ],
  );
});

t.test('what is allowed for one is not allowed for another', async (t) => {
  const compose =
    'services:\n  app: {image: "a:1", ports: ["80:80"]}\n  db: {image: "a:1", ports: ["81:81"]}\n';
  t.same(
    (await judge(compose, { allow: ['service.app.ports'] })).map(({ path }) => path),
    ['service.db.ports'],
  );
  t.same(await judge(compose, { allow: ['service.*.ports'] }), []);
  t.equal((await judge(compose, { allow: ['service.*', 'service', '*'] })).length, 2);
});

t.test('a TCP router on an entry point of its own', async (t) => {
  const compose = app(
    'deploy: {labels: {traefik.tcp.routers.st-ssh.rule: "HostSNI(`*`)", traefik.tcp.routers.st-ssh.entrypoints: ssh}}',
  );
  t.same(await judge(compose), []);
});

t.test('env_file outside the checkout', async (t) => {
  const stack = { services: { app: { image: 'a:1', env_file: ['a.env', '../b.env', '/etc/environment'] } } };
  t.same(
    judgePolicy(stack, options).map(({ path }) => path),
    ['service.app.env_file.../b.env', 'service.app.env_file./etc/environment'],
  );
});

t.test('values of a recipe cannot draw on a terminal', async (t) => {
  const stack = { services: { app: { image: 'a:1', pid: `\u001b[2J${'x'.repeat(500)}` } } };
  const [refusal] = judgePolicy(stack, options);
  t.notMatch(refusal?.message, /\u001b/);
  t.ok((refusal?.value.length ?? 0) <= 120);
});

t.test('more services than a recipe has', async (t) => {
  const many = Array.from({ length: 51 }, (_, index) => `s${index}: {image: "a:1"}`).join(', ');
  t.same(
    (await judge(`services: {${many}}`)).map(({ path, value }) => [path, value]),
    [['stack.services', '51 services']],
  );
});

t.test('a registry of the world is asked', async (t) => {
  const names = [
    'nginx',
    'library/nginx:1',
    'git.example.org/a/b:1.2',
    'quay.io:443/a@sha256:aa',
    '8.8.8.8/a:1',
  ];
  for (const image of names) t.same(await judge(`services: {app: {image: "${image}"}}`), [], image);
});
