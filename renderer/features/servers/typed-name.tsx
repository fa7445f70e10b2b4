import { TextInput } from '@mantine/core';
import { useState } from 'react';

/** The name of the site, typed by the person before something dangerous is begun. */
export function useTypedName(siteName: string) {
  const [typedName, setTypedName] = useState('');
  const untyped = typedName === siteName ? null : `the name ${siteName} is not typed yet`;
  const field = (
    <TextInput
      label={`Type the name of the site: ${siteName}`}
      value={typedName}
      maw="20rem"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTypedName(event.currentTarget.value)}
    />
  );
  return { typedName, untyped, field };
}
