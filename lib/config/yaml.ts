/** A module of its own: a bundle that loads the package itself late gets it without its names. */
export { parseDocument } from 'yaml';
