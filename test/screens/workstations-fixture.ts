import type { WorkstationsView } from '../../shared/workstations/workstations-view.ts';

const told = { by: 'ana on desk-1', own: false, revoked: null };

/** One of each standing, on a workstation that may invite. */
export const workstationsFixture: WorkstationsView = {
  refusal: null,
  workstations: [
    {
      ...told,
      name: 'desk-1',
      role: 'admin',
      issued: '2026-02-01T08:00:00Z',
      ends: '2099-02-01T08:00:00Z',
      by: '',
      own: true,
    },
    {
      ...told,
      name: 'duty-phone',
      role: 'operator',
      issued: '2026-03-02T08:00:00Z',
      ends: '2099-03-02T08:00:00Z',
    },
    {
      ...told,
      name: 'wall-screen',
      role: 'viewer',
      issued: '2025-03-02T08:00:00Z',
      ends: '2026-03-02T08:00:00Z',
    },
    {
      ...told,
      name: 'old-laptop',
      role: 'admin',
      issued: '2025-01-02T08:00:00Z',
      ends: '2099-01-02T08:00:00Z',
      revoked: '2026-01-05T08:00:00Z',
    },
  ],
};
