import { createRoot } from 'react-dom/client';
import { createHttpClient } from './api/http.ts';
import { App } from './app.tsx';
import { LanguageProvider } from './language/language.tsx';
import { Live } from './live/live.ts';
import { Session } from './session/session.ts';
import { PlatformProvider } from './shell/platform.tsx';
import './shell/page.css';

const session = new Session();
const http = createHttpClient(session);
const streamUrl = `${location.origin.replace(/^http/, 'ws')}/api/v1/stream`;
const live = new Live(streamUrl, session.token, () => session.renew());

// Another name sees other vehicles and other details.
let signedIn = session.grant()?.name;
session.subscribe(() => {
  const now = session.grant()?.name;
  if (now !== signedIn) live.reconnect();
  signedIn = now;
});

const root = document.getElementById('page');
if (root === null) throw new Error('index.html has no element with id "page"');
createRoot(root).render(
  <PlatformProvider value={{ session, http, live }}>
    <LanguageProvider>
      <App />
    </LanguageProvider>
  </PlatformProvider>,
);
