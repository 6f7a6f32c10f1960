import type { z } from 'zod';
import { attributionExample, attributionSchema } from './attribution.ts';
import { cancelExample, cancelSchema } from './cancel.ts';
import { claimExample, claimSchema } from './claim.ts';
import { dropExample, dropSchema } from './drop.ts';
import { errorExample, errorSchema } from './error.ts';
import { janitorExample, janitorSchema } from './janitor.ts';
import { logExample, logSchema } from './log.ts';
import { planExample, planSchema } from './plan.ts';
import { previewExample, previewSchema } from './preview.ts';
import { queuedExample, queuedSchema } from './queued.ts';
import { reportExample, reportSchema } from './report.ts';
import { runFinishedExample, runFinishedSchema } from './run-finished.ts';
import { runStartedExample, runStartedSchema } from './run-started.ts';
import { stageFinishedExample, stageFinishedSchema } from './stage-finished.ts';
import { stageStartedExample, stageStartedSchema } from './stage-started.ts';
import { testExample, testSchema } from './test.ts';
import { tickExample, tickSchema } from './tick.ts';
import { triggerExample, triggerSchema } from './trigger.ts';

/** Every record type with its schema and an example that satisfies it. */
export const recordTypes = {
  trigger: { schema: triggerSchema, example: triggerExample },
  cancel: { schema: cancelSchema, example: cancelExample },
  drop: { schema: dropSchema, example: dropExample },
  queued: { schema: queuedSchema, example: queuedExample },
  plan: { schema: planSchema, example: planExample },
  preview: { schema: previewSchema, example: previewExample },
  claim: { schema: claimSchema, example: claimExample },
  'run.started': { schema: runStartedSchema, example: runStartedExample },
  'stage.started': { schema: stageStartedSchema, example: stageStartedExample },
  'stage.finished': { schema: stageFinishedSchema, example: stageFinishedExample },
  test: { schema: testSchema, example: testExample },
  log: { schema: logSchema, example: logExample },
  'run.finished': { schema: runFinishedSchema, example: runFinishedExample },
  attribution: { schema: attributionSchema, example: attributionExample },
  report: { schema: reportSchema, example: reportExample },
  tick: { schema: tickSchema, example: tickExample },
  janitor: { schema: janitorSchema, example: janitorExample },
  error: { schema: errorSchema, example: errorExample },
} as const;

export type RecordType = keyof typeof recordTypes;
/** A record of a known type. */
export type KnownRecord = { [Type in RecordType]: z.infer<(typeof recordTypes)[Type]['schema']> }[RecordType];
/** Any JSON object with a type: what travels through a pipe, known or not. */
export type AnyRecord = { readonly type: string; readonly [field: string]: unknown };

/** True for a record whose type is in the contract; only its `type` is looked at. */
export function isKnownType(type: string): type is RecordType {
  return Object.hasOwn(recordTypes, type);
}
