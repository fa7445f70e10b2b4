import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole, useUi } from '../../app/console-context.tsx';
import { navigate, type Route } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './welcome.module.css';

/** Above the demo until it was put away: what this is, and the ways to a site of one's own. */
export function WelcomeNotice({ site }: { readonly site: SiteSight }) {
  const welcomed = useUi((state) => state.welcomed);
  const { ui, client } = useConsole();
  if (!site.site.demo || welcomed) return null;
  const putAway = (then?: Route) => {
    ui.getState().setWelcomed(true);
    client.call('setWelcomed', {}).catch(() => undefined);
    if (then) navigate(then);
  };
  return (
    <Card title="Welcome: this is the demo site" note="no site was set up on this workstation yet">
      <div className={classes.notice}>
        <p>
          Its servers, engines and messages are stand-ins on this machine; agents, guards and lease store are
          the real programs. Break it as you like: nothing outside is touched.
        </p>
        <div className={classes.buttons}>
          <InkButton onClick={() => putAway()}>Try the demo site</InkButton>
          <InkButton onClick={() => putAway({ page: 'setup', step: null })}>
            Set up a site of your own
          </InkButton>
          <InkButton onClick={() => putAway({ page: 'welcome' })}>Open or join one that exists</InkButton>
        </div>
      </div>
    </Card>
  );
}
