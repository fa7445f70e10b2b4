// A supervisor to be killed by a test: starts a demo site, says where, and then does nothing more.
// Usage: node demo-supervisor.ts RUNTIME_JSON
import { startDemoSite } from '../../electron/host/demo/start-demo-site.ts';
import type { DemoRuntime } from '../../electron/host/demo/demo-programs.ts';

const demo = await startDemoSite(JSON.parse(process.argv[2]!) as DemoRuntime);
if (!demo.ok) throw new Error(JSON.stringify(demo.error));
console.log(demo.value.profileDirectory);
process.on('SIGTERM', () => void demo.value.stop().then(() => process.exit(0)));
// A forced end, as a second Ctrl+C makes it: nothing can be awaited any more.
process.on('SIGUSR2', () => process.exit(130));
