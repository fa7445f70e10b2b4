import { useState } from 'react';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './setup.module.css';
import { TextAndButton } from './text-and-button.tsx';
import { useSetup } from './use-setup.ts';

/** Takes over what a site file says, instead of saying it once more; only while nothing was said. */
export function SiteFileCard() {
  const { act } = useSetup();
  const [file, setFile] = useState('');
  const path = file.trim();
  return (
    <Card
      title="A site file that you have"
      note="everything in it but secrets is taken over, and can be changed here"
    >
      <div className={classes.form}>
        <TextAndButton
          label="Site file on this workstation"
          placeholder="~/clinic.json"
          value={file}
          maxLength={4_096}
          onChange={setFile}
        >
          <InkButton idle={path === ''} onClick={() => void act({ act: 'site-file', file: path })}>
            Take it over
          </InkButton>
        </TextAndButton>
      </div>
    </Card>
  );
}
