import { describe, expect, it } from 'vitest';
import { createConsoleClient } from '../../../renderer/ipc/console-client.ts';
import { feedMirror } from '../../../renderer/ipc/feed.ts';
import { createHistory } from '../../../renderer/stores/history.ts';
import { createMirror } from '../../../renderer/stores/mirror.ts';
import { fixtures } from '../../screens/fixtures.ts';

function fed(answer: unknown) {
  const mirror = createMirror(0);
  const client = createConsoleClient({
    call: () => Promise.resolve({ ok: true, value: answer }),
    on: () => () => undefined,
  });
  feedMirror(client, mirror, createHistory(), () => 0);
  return mirror;
}

describe('the feed of the mirror', () => {
  it('takes the snapshot of a fresh connection', async () => {
    const mirror = fed(fixtures.healthy());
    await expect.poll(() => mirror.getState().snapshot?.site?.id).toBe('demo');
    expect(mirror.getState().failure).toBeNull();
  });

  it('keeps why a snapshot could not be used, so that nobody waits for ever', async () => {
    const mirror = fed({ revision: 'damaged' });
    await expect.poll(() => mirror.getState().failure?.code).toBe('agent.nonsense');
    expect(mirror.getState().snapshot).toBeNull();
  });
});
