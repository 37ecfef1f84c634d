import { defineConfig } from 'vitest/config';

const ALL = { lines: 100, branches: 100, functions: 100, statements: 100 };

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'mock-cloud/**/*.test.ts'],
    testTimeout: 30_000,
    // End-to-end scenarios mostly wait for each other's child processes and for timers.
    maxConcurrency: 12,
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text', 'json-summary'],
      // What unit tests hold (`npm run coverage`). End-to-end tests run the bundle in processes of their own, which is not counted:
      // the steps in src/run/ and the logins are theirs.
      thresholds: {
        lines: 70,
        branches: 70,
        'src/{clock,deadline,pool,problem,secret,values}.ts': ALL,
        'src/decide/**': ALL,
        'src/cloud/{backoff,decode,errors,iam,ims,job,retry,sign}.ts': ALL,
        'src/cloud/login/{lockout,refusal,scope,session}.ts': ALL,
        'src/report/escape.ts': ALL,
        'src/run/{explain,record,submit-outcome}.ts': ALL,
        'src/github/{commands,context,status-answer}.ts': ALL,
        'src/proxies.ts': ALL,
        'src/inputs/**': { lines: 98, branches: 96 },
        'src/report/**': { lines: 98, branches: 92 },
      },
    },
  },
});
