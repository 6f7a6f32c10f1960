import { setFlagsFromString } from 'node:v8';

/**
 * Makes the garbage collector prefer little memory to little work: a program that lets a gigabyte of foreign logs pass
 * keeps the size of what it holds. For programs that mostly wait.
 */
export function keepMemorySmall(): void {
  setFlagsFromString('--optimize-for-size');
  // The young generation is what such logs fill; it keeps the size that it has now.
  setFlagsFromString('--semi-space-growth-factor=1');
}
