import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '../language/language.tsx';
import { incidentKind } from '../language/terms.ts';
import { useLive } from './platform.tsx';

/** Says new things to screen readers: incidents and warnings politely, imminent warnings at once. */
export function Announcer() {
  const { words } = useLanguage();
  const { incidents, warnings, lastFrameMs } = useLive();
  const known = useRef<Set<string>>(undefined);
  const [polite, setPolite] = useState('');
  const [urgent, setUrgent] = useState('');

  useEffect(() => {
    const now = new Set([...incidents.keys(), ...[...warnings.values()].map((one) => `${one.alertId}/${one.stage}`)]);
    const before = known.current;
    known.current = now;
    // What was there when the page opened is not news.
    if (before === undefined || lastFrameMs === null) return;
    const unnamed = words.unnamedStreet;
    for (const incident of incidents.values())
      if (!before.has(incident.trackingCode))
        setPolite(words.newIncident(incidentKind(words, incident.kind), incident.place.street ?? unnamed));
    for (const warning of warnings.values()) {
      if (before.has(`${warning.alertId}/${warning.stage}`)) continue;
      const text = words.newWarning(words.warningClasses[warning.class], warning.street ?? unnamed);
      if (warning.stage === 3) setUrgent(text);
      else setPolite(text);
    }
  }, [incidents, warnings, words, lastFrameMs]);

  return (
    <>
      <p className="visually-hidden" role="status" aria-live="polite">
        {polite}
      </p>
      <p className="visually-hidden" role="alert" aria-live="assertive">
        {urgent}
      </p>
    </>
  );
}
