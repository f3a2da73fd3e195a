import { defineConfig } from 'vitest/config';

export default defineConfig({
  cacheDir: String(process.env['SPEC_CACHE']),
  test: { include: ['rows.vitest.ts'] },
});
