import { z } from 'zod';
import { address, forgeSchema, forgesSchema } from './forges.ts';

const text = z.string().min(1);
const milliseconds = z.int().positive();

/** Tip of the default branch, heads of open pull requests, newest version tag. */
export const sweptKinds = ['tips', 'pulls', 'tags'] as const;
export type SweptKind = (typeof sweptKinds)[number];

/** The whole configuration: closed, so that a misspelt key is an error and not a surprise. */
export const configSchema = z.strictObject({
  /** State directory. */
  state: text.optional(),
  /** Run directories; `<state>/runs` by default. */
  runs: text.optional(),
  /** The operator's tree of tests, a folder per recipe. */
  testsDir: text.default('./tests'),
  forges: forgesSchema.default({}),
  /** The word that triggers. */
  word: z
    .string()
    .regex(/^!\S+$/, 'expected one word that begins with !')
    .refine(
      (word) => !/^!(cancel|help)$/i.test(word),
      'expected another word: !cancel and !help have a meaning',
    )
    .default('!testme'),
  poll: z
    .strictObject({
      /** Time between two polls. */
      intervalMs: milliseconds.default(5_000),
      /** How far back each search reaches behind the cursor. */
      overlapMs: z.int().nonnegative().default(60_000),
      /** Time limit of one request. */
      requestMs: milliseconds.default(20_000),
    })
    .prefault({}),
  hook: z
    .strictObject({
      /** Address to listen on. */
      host: text.default('127.0.0.1'),
      /** Port to listen on; 0 takes a free one. */
      port: z.int().min(0).max(65_535).default(8_791),
      /** Time limit of one delivery: the forge gives up after five seconds and never tries again. */
      deliveryMs: milliseconds.default(4_500),
    })
    .prefault({}),
  sweep: z
    .strictObject({
      /** What of each repository is to be tested. */
      of: z.enum(sweptKinds, `expected ${sweptKinds.join(', ')}`).default('tips'),
      /** Time limit of one request. */
      requestMs: milliseconds.default(20_000),
    })
    .prefault({}),
  dedupe: z
    .strictObject({
      /** Triggers of one person that may wait at a time. */
      waitingPerPerson: z.int().positive().default(6),
      /** Triggers of one person that are accepted in 24 hours. */
      runsPerDay: z.int().positive().default(30),
    })
    .prefault({}),
  discover: z.strictObject({}).prefault({}),
  stage: z
    .strictObject({
      /** Runs at a time. */
      slots: z.int().positive().default(1),
      /** Domain below which each run gets its own. */
      domain: text.default('ccci.test'),
      /** `direct`: requests go to the tasks; `traefik`: through the proxy of the engine, as in production. */
      ingress: z.enum(['direct', 'traefik'], 'expected direct or traefik').default('direct'),
      /** The proxy: its service or container, or a label of its container, `label=KEY=VALUE`. */
      proxy: text.optional(),
      /** Where the proxy takes HTTPS. */
      proxyConnect: z
        .string()
        .regex(
          /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]):\d{1,5}$/i,
          'expected ADDRESS:PORT, such as 127.0.0.1:443',
        )
        .default('127.0.0.1:443'),
      /** PEM file of who vouches for the proxy's certificate; by default whom everybody trusts. */
      proxyCaFile: text.optional(),
      /** Engine, as in DOCKER_HOST; that variable by default, else the local socket. */
      dockerHost: text.optional(),
      /** What a service of a run may take where its recipe sets no limit. */
      limits: z
        .strictObject({
          /** Memory, MiB. */
          memoryMb: z.int().positive().default(4_096),
          /** Processes and threads. */
          pids: z.int().positive().default(4_096),
          /** Log of a container on the engine's disk, MiB; two such files are kept. */
          logMb: z.int().positive().default(50),
        })
        .prefault({}),
      /** On a spool: end when nothing was to be run for so long; never by default. */
      idleMs: milliseconds.optional(),
      /** Repositories of recipes that others need (`needs` in `recipe.yml`), where they do not lie beside the recipe. */
      dependencies: z.record(text, text).default({}),
      /** Allow repositories by path (`file:` and bare paths) in triggers of the queue. */
      allowLocal: z.boolean().default(false),
      /** Nothing begins with less free space than this, where runs lie and where the engine keeps its data; MiB. */
      minDiskMb: z.int().nonnegative().default(1_024),
      /** Nothing begins with less memory available than this; MiB. */
      minMemoryMb: z.int().nonnegative().default(256),
      /** Take pictures of the landing page where Chromium is there. */
      screenshots: z.boolean().default(true),
      /** Draw the summary card of each run, some two seconds of a processor. */
      card: z.boolean().default(true),
      /** Time limit of one picture; it is no time of the run's. */
      screenshotMs: milliseconds.default(30_000),
      /** What a run's volumes and containers may hold together before they have filled the disk; MiB. */
      quotaMb: z.int().positive().default(10_240),
    })
    .prefault({}),
  janitor: z
    .strictObject({
      /** Engine, as in DOCKER_HOST; `stage.dockerHost` by default, then that variable, else the local socket. */
      dockerHost: text.optional(),
      /** How long runs and the journals of what is done are kept, in days. */
      keepDays: z.number().nonnegative().default(30),
      /** Runs of each recipe that are kept however old they are, the newest. */
      keepRuns: z.int().positive().default(20),
      /** What all run directories may take of the disk, MiB: beyond it the oldest go whatever their age. */
      quotaMb: z.number().positive().optional(),
      /** How long the directory of a run that never had results is kept, in days. */
      keepBrokenDays: z.number().nonnegative().default(2),
      /** How long a deployment that ccci-stage --keep left up is left alone after its last use, in hours. */
      keptHours: z.number().positive().default(24),
      /** Images are removed only while more of the engine's disk is used than this, in percent. */
      imagesAbovePercent: z.number().min(0).max(100).default(80),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      /** Folder of node_exporter's textfile collector; no metrics are written without it. */
      directory: text.optional(),
    })
    .prefault({}),
  report: z
    .strictObject({
      /** Where the pages are written; `<state>/pages` by default. */
      directory: text.optional(),
      /** Public address of that directory, for links in comments and statuses. */
      url: address.optional(),
      /** Context of the commit status. */
      context: text.default('ccci/testme'),
      /** A new comment for the outcome, so that people are told; false edits in place. */
      notify: z.boolean().default(true),
      /** How long to try at the end of the input. */
      patienceMs: milliseconds.default(60_000),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;

export const configKeys: readonly string[] = Object.keys(configSchema.shape);
export const forgeKeys: readonly string[] = Object.keys(forgeSchema.shape);

/** Keys of one program's section; none for anything else. */
export function sectionKeys(section: string): readonly string[] {
  return Object.keys(shapeOf(section));
}

/** What a key of a program's section holds, defaults apart: `string`, `number`, `boolean`, `enum`. */
export function typeOf(section: string, key: string): string | undefined {
  return unwrap(shapeOf(section)[key])?.type;
}

function shapeOf(section: string): Readonly<Record<string, z.ZodType>> {
  const inner = unwrap((configSchema.shape as Readonly<Record<string, z.ZodType>>)[section]);
  return inner instanceof z.ZodObject ? inner.shape : {};
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  const isWrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapped ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
