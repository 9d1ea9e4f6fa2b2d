import { type FormEvent, useState } from 'react';
import {
  Button,
  Dialog,
  DialogTrigger,
  Heading,
  Input,
  Label,
  Modal,
  ModalOverlay,
  TextField,
} from 'react-aria-components';
import { ApiError } from '../api/http.ts';
import { useLanguage } from '../language/language.tsx';
import { latinDigits } from '../language/normalise.ts';
import { usePlatform } from '../shell/platform.tsx';
import styles from './account.module.css';

export function LoginDialog({ demo }: { readonly demo: boolean }) {
  const { words } = useLanguage();
  const { session } = usePlatform();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // The button stays enabled meanwhile: a disabled one would lose the focus, and Escape with it.
    if (busy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(undefined);
    try {
      // The password is taken as it was typed; only the name's digits are made Latin.
      await session.signIn(latinDigits(String(form.get('name') ?? '')).trim(), String(form.get('password') ?? ''));
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      setFailure(status === 401 ? words.loginWrong : status === 429 ? words.loginTooMany : words.loginFailed);
      setBusy(false);
    }
  };

  return (
    <DialogTrigger onOpenChange={() => setFailure(undefined)}>
      <Button className="button" data-testid="sign-in">
        {words.signIn}
      </Button>
      <ModalOverlay className={styles.backdrop!} isDismissable>
        <Modal className={styles.modal!}>
          <Dialog>
            {({ close }) => (
              <form className={styles.form} onSubmit={(event) => void submit(event)}>
                <Heading slot="title" level={2}>
                  {words.loginTitle}
                </Heading>
                <p className={styles.hint}>{words.loginHint}</p>
                {session.ended() && <p className={styles.demo}>{words.sessionEnded}</p>}
                {demo && <p className={styles.demo}>{words.demoAccounts}</p>}
                <TextField name="name" autoComplete="username" isRequired autoFocus>
                  <Label className={styles.label!}>{words.loginName}</Label>
                  <Input className="field" dir="ltr" />
                </TextField>
                <TextField name="password" type="password" autoComplete="current-password" isRequired>
                  <Label className={styles.label!}>{words.loginPassword}</Label>
                  <Input className="field" dir="ltr" />
                </TextField>
                {failure !== undefined && (
                  <p className={styles.error} role="alert">
                    {failure}
                  </p>
                )}
                <div className={styles.row}>
                  <Button className="button" onPress={close}>
                    {words.close}
                  </Button>
                  <Button className="button primary" type="submit" aria-disabled={busy}>
                    {words.signIn}
                  </Button>
                </div>
              </form>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
