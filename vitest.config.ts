import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/packages-folder.ts',
    // End-to-end tests start processes; a machine may be slow, and a busy one slower.
    testTimeout: 120_000,
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
