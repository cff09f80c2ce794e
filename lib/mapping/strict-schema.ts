import * as z from 'zod';
import { didYouMean } from './nearest.ts';

/** An object schema. Its error for an unknown key names the key and the nearest known one. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      return issue.keys.map((key) => `unknown key '${key}'${didYouMean(key, known)}`).join('; ');
    },
  });
}

/** One word of a list. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) => {
      const suggestion = typeof input === 'string' ? didYouMean(input, words) : '';
      return `expected one of ${words.map((word) => `'${word}'`).join(', ')}${suggestion}`;
    },
  });
}
