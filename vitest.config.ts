import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', '**/node_modules/**'],
    globalSetup: ['test/support/unpack-browser.ts'],
    testTimeout: 20_000,
  },
});
