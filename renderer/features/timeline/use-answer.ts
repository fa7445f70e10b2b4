import { useEffect, useState } from 'react';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

type Asked = 'readInstant' | 'readDifference';

/** What the past answers to a question; while it is asked for there is neither answer nor error. */
export function useAnswer<Name extends Asked>(name: Name, request: ConsoleRequest<Name>) {
  const { client } = useConsole();
  const key = JSON.stringify(request);
  const [told, setTold] = useState<{
    readonly key: string;
    readonly answer: ConsoleResponse<Name> | null;
    readonly error: ProductError | null;
  }>({ key: '', answer: null, error: null });
  useEffect(() => {
    let awaited = true;
    client.call(name, JSON.parse(key) as ConsoleRequest<Name>).then(
      (answer) => {
        if (awaited) setTold({ key, answer, error: null });
      },
      (thrown: unknown) => {
        if (awaited) setTold({ key, answer: null, error: productErrorOf(thrown) });
      },
    );
    return () => {
      awaited = false;
    };
  }, [client, name, key]);
  return told.key === key ? told : { answer: null, error: null };
}
