import { TextInput } from '@mantine/core';
import { useState } from 'react';

/** A name, that of the site or of another `thing`, typed by the person before something dangerous is begun. */
export function useTypedName(name: string, thing = 'site') {
  const [typedName, setTypedName] = useState('');
  const untyped = typedName === name ? null : `the name ${name} is not typed yet`;
  const field = (
    <TextInput
      label={`Type the name of the ${thing}: ${name}`}
      value={typedName}
      maw="20rem"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTypedName(event.currentTarget.value)}
    />
  );
  return { typedName, untyped, field };
}
