import { register } from 'tsx/esm/api';

// Node reads TypeScript in this thread too, whatever the process was started with.
register();
await import('./samplerThread.ts');
