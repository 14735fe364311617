import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    passWithNoTests: false,
    testTimeout: 30 * 60_000,
  },
});
