import { followRun } from './live.ts';
import { startViewer } from './viewer.ts';

const live = document.querySelector<HTMLElement>('[data-live]');
if (live !== null) void followRun(live);
const logs = document.querySelector<HTMLElement>('[data-logs]');
if (logs !== null) startViewer(logs);
