import { z } from 'zod';

const names = z.array(z.string());
const addedRemoved = z.looseObject({ added: names, removed: names });

/**
 * What changes between the base and the commit under test, by their rendered texts and files: what a reviewer would look
 * for in the diff. Names are those of compose (`app`, `data`), never those of a run.
 */
export const changesSchema = z.looseObject({
  /** The version, or 12 hexadecimal digits, compared with. */
  against: z.string(),
  /** `from` null: new; `to` null: gone. */
  images: z.array(
    z.looseObject({ service: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
  ),
  services: addedRemoved,
  /** A volume that is dropped or renamed leaves its data behind. */
  volumes: z.looseObject({
    added: names,
    dropped: names,
    renamed: z.array(z.looseObject({ from: z.string(), to: z.string() })),
  }),
  /** `app: 8080 (tcp)`. */
  ports: addedRemoved,
  /** Of `.env.sample`. */
  variables: addedRemoved,
  secrets: addedRemoved,
  configs: addedRemoved,
});
export type Changes = z.infer<typeof changesSchema>;

export const changesExample: Changes = {
  against: '6.0.2+5.8.0',
  images: [{ service: 'app', from: 'ghost:5.8.0', to: 'ghost:5.9.1' }],
  services: { added: ['cache'], removed: [] },
  volumes: { added: [], dropped: ['content'], renamed: [] },
  ports: { added: [], removed: [] },
  variables: { added: ['SMTP_HOST'], removed: [] },
  secrets: { added: ['jwt_secret'], removed: [] },
  configs: { added: [], removed: [] },
};
