import { CircleCheck, CircleDashed, Clock, OctagonX, TriangleAlert, Wrench } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProductError } from '../../shared/errors.ts';
import classes from './notice.module.css';

const icons = {
  danger: OctagonX,
  warn: TriangleAlert,
  maintenance: Wrench,
  waiting: CircleDashed,
  watching: Clock,
  done: CircleCheck,
};

export interface NoticeProps {
  readonly kind: keyof typeof icons;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Something a person has to hear at once (screen readers interrupt for it). */
  readonly urgent?: boolean;
  /** Its words change all the time: screen readers do not read it anew each time. */
  readonly quiet?: boolean;
}

/** A sentence with its meaning: what happened, what it means for messages, what to do. */
export function Notice({ kind, title, children, urgent = false, quiet = false }: NoticeProps) {
  const Icon = icons[kind];
  const tone = classes[kind] ?? classes.plain;
  return (
    <div className={`${classes.notice} ${tone}`} role={urgent ? 'alert' : quiet ? undefined : 'status'}>
      <Icon aria-hidden />
      <div className={classes.title}>{title}</div>
      {children !== undefined && <div className={classes.body}>{children}</div>}
    </div>
  );
}

/** An expected failure with everything its code knows. */
export function ErrorNotice({ error }: { readonly error: ProductError }) {
  return (
    <Notice kind="danger" title={error.message} urgent>
      <p>{error.meaning}</p>
      <p>
        <b>Next:</b> {error.next}
      </p>
      {error.details && error.details.length > 0 && (
        <ul>
          {error.details.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <p className="ink3">
        Code <span className="mono">{error.code}</span>
      </p>
    </Notice>
  );
}
