#!/usr/bin/env node
import './require-node.js';
import { fileURLToPath } from 'node:url';

// What Node stripped and compiled once, it takes from there the next time: half of what a command needs to start. Beside the
// packages, where nobody else may write. Plain JavaScript, or this file itself would load the stripper.
const { enableCompileCache } = await import('node:module');
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/clavus-moovago', import.meta.url)));
await import('./main.ts');
