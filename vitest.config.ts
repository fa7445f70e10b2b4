import { defineConfig } from 'vitest/config';

/** What takes half a second on an idle machine may take this long on a busy one. No test measures time by it. */
const busyMs = 20_000;

/** Rings of docs/testing.md as vitest projects: `npx vitest run --project unit`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'node',
          // Functions without a state of their own: not loaded anew for each file, which halves the time.
          isolate: false,
          testTimeout: 3 * busyMs,
          hookTimeout: 3 * busyMs,
        },
      },
      {
        test: {
          name: 'page',
          include: ['test/page/**/*.test.tsx'],
          environment: 'jsdom',
          testTimeout: 3 * busyMs,
          hookTimeout: 3 * busyMs,
        },
      },
      {
        test: {
          name: 'processes',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 120_000,
          // A whole demo site starts in some of them.
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
