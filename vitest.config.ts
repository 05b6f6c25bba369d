import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real databases and sockets: files run beside each other, each in a process of its own.
    pool: 'forks',
    // Left to itself it keeps a core free, which on a machine of two is half of it.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    passWithNoTests: false,
  },
})
