import { ChevronDown, ChevronUp } from 'lucide-react';
import { useId, useState } from 'react';
import { useEscape } from '../app/use-escape.ts';
import { formatSpan } from '../../shared/fleet/age.ts';
import { ageNow, type MemberSight } from '../../shared/fleet/sight.ts';
import { endSentence } from '../../shared/fleet/wording.ts';
import { Age } from './age.tsx';
import { Chip } from './chip.tsx';
import classes from './decision-strip.module.css';
import { FactList } from './fact-list.tsx';

/** What one member decided, by which rule, and on demand why: every fact it used with its age. */
export function DecisionStrip({ member }: { readonly member: MemberSight }) {
  const [open, setOpen] = useState(false);
  const factsId = useId();
  useEscape(open ? () => setOpen(false) : null);
  const decision = member.snapshot?.decision;
  if (!decision) return null;
  const Icon = open ? ChevronUp : ChevronDown;
  const decided = ageNow(member, decision.ageMs);
  return (
    <section className={classes.strip} aria-label="Current decision">
      <div className={classes.line}>
        <Chip tone="rule" shape="square">
          {decision.ruleId}
        </Chip>
        <div className={classes.sentence}>
          <b>{decision.headline}:</b> {endSentence(decision.reason)}
        </div>
        <div className={classes.right}>
          <span className="small ink3 num">
            {member.silent ? '' : `decided ${formatSpan(decided ?? 0)} ago`}
          </span>
          {member.silent && <Age ms={decided} sourceSilent />}
          <button
            type="button"
            className={classes.why}
            aria-expanded={open}
            aria-controls={factsId}
            onClick={() => setOpen(!open)}
          >
            Why <Icon aria-hidden />
          </button>
        </div>
      </div>
      <div id={factsId} hidden={!open} className={classes.facts}>
        {open && <FactList member={member} sources />}
      </div>
    </section>
  );
}
