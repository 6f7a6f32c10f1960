import { enableCompileCache } from 'node:module';

// Loading tap and stripping types is half of what a short test file takes. Not by NODE_COMPILE_CACHE: the programs under
// test would inherit that, and start faster than a user's do.
enableCompileCache();
