import { isConfined } from '@ccci/lib/recipe/traefik-rule.ts';
import t from 'tap';

const confined = [
  'Host(`a.example.org`)',
  'Host(`A.example.org`)',
  'Host("a.example.org")',
  'Host(`a.example.org`, `www.a.example.org`)',
  'Host(`a.example.org`) && (PathPrefix(`/x`) || PathPrefix(`/y`))',
  '(Host(`a.example.org`) || Host(`b.a.example.org`)) && !PathPrefix(`/admin`)',
  'HostSNI(`a.example.org`)',
];
const open = [
  '',
  'PathPrefix(`/`)',
  'Host(`example.org`)',
  'Host(`evil-a.example.org`)',
  'Host(`a.example.org`, `b.example.org`)',
  'Host(`a.example.org`) || PathPrefix(`/`)',
  'Host(`a.example.org`) || Host(`b.example.org`) && PathPrefix(`/`)',
  '!Host(`a.example.org`)',
  '!(PathPrefix(`/x`) && Host(`a.example.org`))',
  'HostRegexp(`a.example.org`)',
  'HostSNI(`*`)',
  'Host()',
  'Host(`a.example.org`',
  'Host(`a.example.org`) garbage',
  'Host(`a.example.org`))',
  '(Host(`a.example.org`)',
  'Host(`a.example.org`) Host(`b.example.org`)',
  'Host(`*.a.example.org`)',
  `Host(${'1'.repeat(50_000)}`,
];
for (const rule of confined) t.ok(isConfined(rule, 'a.example.org'), rule);
for (const rule of open) t.notOk(isConfined(rule, 'a.example.org'), rule.slice(0, 80));
