import { type FormEvent, useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { ApiError } from '../api/http.ts';
import type { IncidentDetail } from '../api/types.ts';
import { useLanguage } from '../language/language.tsx';
import { trackingCodeInput } from '../language/normalise.ts';
import { usePlatform } from '../shell/platform.tsx';
import styles from './incidents.module.css';

/** Finds an incident by the code that a citizen or insurer was given. */
export function FollowBox({ onFound }: { readonly onFound: (trackingCode: string) => void }) {
  const { words } = useLanguage();
  const { http } = usePlatform();
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<string>();

  const find = async (event: FormEvent) => {
    event.preventDefault();
    const code = trackingCodeInput(text);
    if (code === '') return;
    setFailure(undefined);
    try {
      const found = await http.json<IncidentDetail>(`/api/v1/incidents/${encodeURIComponent(code)}`);
      onFound(found.trackingCode);
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      setFailure(status === 404 || status === 400 ? words.followMissing : words.incidentsFailed);
    }
  };

  return (
    <form className={styles.follow} onSubmit={(event) => void find(event)}>
      <TextField value={text} onChange={setText} className={styles.followField!}>
        <Label>{words.follow}</Label>
        <Input className="field" dir="auto" placeholder={words.followHint} autoComplete="off" spellCheck={false} />
      </TextField>
      <Button className="button" type="submit">
        {words.followButton}
      </Button>
      {failure !== undefined && (
        <p className={styles.followError} role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
