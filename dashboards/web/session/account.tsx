import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useLanguage } from '../language/language.tsx';
import { roleName, roleView } from '../language/terms.ts';
import { Glyph } from '../shell/glyph.tsx';
import { toolGlyphs } from '../shell/glyphs.ts';
import { useGrant, usePlatform } from '../shell/platform.tsx';
import styles from './account.module.css';
import { LoginDialog } from './login-dialog.tsx';

/** Sign-in, or who is signed in and what that role sees. */
export function Account({ demo }: { readonly demo: boolean }) {
  const { words } = useLanguage();
  const { session } = usePlatform();
  const grant = useGrant();
  if (grant === undefined) return <LoginDialog demo={demo} />;
  const role = roleName(words, grant.role);
  return (
    <DialogTrigger>
      <Button className="button" data-testid="account" aria-label={words.signedInAs(role)}>
        <Glyph path={toolGlyphs.person} size={18} />
        {role}
      </Button>
      <Popover className={styles.popover!} placement="bottom end">
        <Dialog className={styles.card!} aria-label={words.signedInAs(role)}>
          <strong>
            <bdi>{grant.name}</bdi>
          </strong>
          <p>{words.yourView}</p>
          <p className={styles.view}>{roleView(words, grant.role)}</p>
          <Button className="button" onPress={() => void session.signOut()}>
            {words.signOut}
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
