import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'unit', include: ['src/**/*.test.ts', 'workers/**/*.test.ts', 'cli/**/*.test.ts'], exclude: ['**/*.gpu.test.ts', 'node_modules/**'], environment: 'node' },
});
