import type { IncidentDetail } from '../api/types.ts';
import { useLanguage } from '../language/language.tsx';
import styles from './incidents.module.css';

/** Logistic of the record's log-odds: the probability that it happened, 0..1. */
export const probability = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Parties, evidence with its weight, and the seal; for roles that may see them. */
export function Evidence({ incident }: { readonly incident: IncidentDetail }) {
  const { words, formats } = useLanguage();
  const most = Math.max(1, ...(incident.evidence ?? []).map((item) => Math.abs(item.weight)));
  return (
    <>
      {incident.vehicleIds !== undefined && (
        <section>
          <h3 className={styles.heading}>{words.parties}</h3>
          <ul className={styles.parties}>
            {incident.vehicleIds.map((id) => (
              <li key={id}>
                <bdi dir="ltr">{id}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      {incident.evidence !== undefined && incident.evidence.length > 0 && (
        <section>
          <h3 className={styles.heading}>
            {words.evidence}
            {incident.logOdds !== undefined && (
              <span className={styles.headingNote}>
                {words.confidence} {formats.share(Math.min(0.99, probability(incident.logOdds)))}
              </span>
            )}
          </h3>
          <ul className={styles.evidence}>
            {incident.evidence.map((item) => (
              <li key={`${item.rule} ${item.detail}`}>
                <span className={styles.rule} dir="auto">
                  {ruleName(item.rule, words.evidenceRules)}
                </span>
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={(Math.abs(item.weight) / most) * 100} height="6" rx="2" data-against={item.weight < 0} />
                </svg>
                <span dir="auto" className={styles.detail}>
                  {item.detail}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {incident.hash !== undefined && (
        <section>
          <h3 className={styles.heading}>{words.custody}</h3>
          <p className={styles.hash} dir="ltr">
            {incident.hash}
          </p>
          {incident.rawMessages !== undefined && (
            <p className={styles.quiet}>
              {words.rawMessages}: {formats.whole(incident.rawMessages)}
            </p>
          )}
        </section>
      )}
    </>
  );
}

/** A rule in words; one this page does not know stays as it was sent. */
function ruleName(rule: string, names: Readonly<Record<string, string>>): string {
  return names[rule] ?? rule;
}
