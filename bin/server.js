import { keepCompiled } from './keep-compiled.js';

keepCompiled();
await import('../src/entry/server.ts');
