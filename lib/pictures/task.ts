/** What the thread is given that turns SVG into PNG. */
export type RenderTask = {
  readonly svg: string;
  /** `dist/pictures`. */
  readonly folder: string;
};

/** The one family that pictures are written in, because it comes with us. */
export const fontFamily = 'DejaVu Sans';
