import { runProgram } from '@ccci/lib/program/run.ts';
import { choose } from './choose.ts';

await runProgram(choose);
