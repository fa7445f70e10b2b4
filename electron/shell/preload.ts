import { contextBridge, ipcRenderer } from 'electron';
import * as z from 'zod/mini';
import { createBridge } from './bridge.ts';

// The page's policy forbids code from strings; the contract's schemas must not try it here.
z.config({ jitless: true });

contextBridge.exposeInMainWorld('ixhaBridge', createBridge(ipcRenderer));
