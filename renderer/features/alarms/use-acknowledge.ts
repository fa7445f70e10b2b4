import { useState } from 'react';
import type { AlarmSight } from '../../../shared/fleet/alarms.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

/** Tells the agents that a person knows of their alarms, or takes that back. */
export function useAcknowledge(): {
  readonly send: (alarms: readonly AlarmSight[], comment: string | null) => Promise<boolean>;
  readonly sending: boolean;
  readonly error: ProductError | null;
} {
  const { client } = useConsole();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<ProductError | null>(null);
  const send = async (alarms: readonly AlarmSight[], comment: string | null) => {
    setSending(true);
    setError(null);
    try {
      const named = alarms.map(({ member: { cluster, server }, condition: { name }, mark }) => ({
        ...{ cluster, server, name, mark },
      }));
      const { refused } = await client.call('acknowledge', { alarms: named, comment });
      const [first] = refused;
      if (first !== undefined) {
        const { code, message, next } = first.error;
        const details = refused.slice(1).map((one) => `${one.member}: ${one.error.message}`);
        setError(productError(code, `${first.member}: ${message}`, details, next));
      }
      return refused.length === 0;
    } catch (thrown) {
      setError(productErrorOf(thrown));
      return false;
    } finally {
      setSending(false);
    }
  };
  return { send, sending, error };
}
