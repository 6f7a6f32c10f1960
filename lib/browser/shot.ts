/** What the child in the sandbox is asked for, as JSON on its standard input. */
export type ShotRequest = {
  /** Address of the page. */
  readonly url: string;
  /** It gives up after so long by itself. */
  readonly limitMs: number;
};

/** What it answers, as JSON on the descriptor for reports. */
export type Shot =
  | {
      readonly png: string;
      /** All text that the page shows, with what stands in its fields: to be searched for secrets. */
      readonly text: string;
      /** The status of the page, and what else is worth a word. */
      readonly notes: readonly string[];
    }
  | {
      /** Why there is no picture. */
      readonly none: string;
      /** The machine has no Chromium. */
      readonly isChromiumMissing?: true;
    };

/** What the picture shows. */
export const viewport = { width: 1280, height: 800 } as const;
