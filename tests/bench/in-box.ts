import { startBox } from '../support/engine/box.ts';
import { boxCommand, boxEnv } from '../support/engine/enter.ts';
import { importImages } from '../support/engine/images.ts';

/** How a bench starts commands that need an engine. */
export type InBox = {
  /** `argv` in the network namespace of a private engine. */
  readonly command: (argv: readonly string[]) => string[];
  /** The whole environment: the engine, `dist/bin` first on the path. */
  readonly env: Record<string, string>;
};

/** Gives a private engine with images for the length of a bench. */
export async function* engineBox(bin: string): AsyncGenerator<InBox> {
  const box = await startBox();
  try {
    await importImages(box);
    const env = boxEnv(box);
    yield {
      command: (argv) => boxCommand(box, argv),
      env: { HOME: box.dir, ...env, PATH: `${bin}:${env.PATH}` },
    };
  } finally {
    await box.stop();
  }
}
