import { defineConfig } from 'vitest/config';

/** What takes long: `npm run test:all` has it, `npm test` has not. */
const long = 'test/long/**/*.test.ts';
/** What leaves its process as it was. One file after the other in the same one: it takes a third of the time. */
const units = ['test/tidy.test.ts', 'test/{bench,cli,contract,docs,lib}/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'units', include: units, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [...units, long] } },
      { extends: true, test: { name: 'long', include: [long] } },
    ],
    globalSetup: 'test/support/packages-folder.ts',
    // These only end what hangs: what works needs a small part of them, on a busy machine too.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    // They wait more than they compute.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['lib/**', 'functions/**', 'local/**', 'cli/**'],
      // What runs in a browser.
      exclude: ['cli/board/page/**'],
      reporter: ['text-summary'],
    },
  },
});
