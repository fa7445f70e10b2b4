import { open, rename } from 'node:fs/promises';

/** Replaces a file as a whole, durably, readable by its owner only. Its folder must exist. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const fresh = `${path}.new`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    // An old file of this name may have had another mode.
    await handle.chmod(0o600);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, path);
}
