// Vitest reporter of `npm test`: how many tests passed, failed and were skipped with which reason, written to the
// file named by IXHA_COUNTS_FILE, and a running count on a line of its own after each test file.
import { writeFileSync } from 'node:fs';

// Vitest makes the reporter itself and knows it by the default export only.
// eslint-disable-next-line no-restricted-syntax
export default class CountsReporter {
  passed = 0;
  failures = [];
  skipped = [];

  onTestCaseResult(test) {
    const result = test.result();
    if (result.state === 'passed') this.passed += 1;
    if (result.state === 'failed')
      this.failures.push({ name: nameOf(test), message: firstLine(result.errors) });
    if (result.state === 'skipped')
      this.skipped.push({ name: nameOf(test), reason: result.note ?? 'see the test' });
  }

  onTestModuleEnd(module) {
    const errors = module.errors();
    if (errors.length > 0) this.failures.push({ name: module.relativeModuleId, message: firstLine(errors) });
    for (const suite of module.children.allSuites()) {
      const broken = suite.errors();
      if (broken.length > 0) this.failures.push({ name: suite.fullName, message: firstLine(broken) });
    }
    console.log(`counts ${this.passed} ${this.failures.length} ${this.skipped.length}`);
  }

  onTestRunEnd(_modules, unhandledErrors) {
    for (const error of unhandledErrors) {
      this.failures.push({ name: 'an error outside of every test', message: firstLine([error]) });
    }
    const { passed, failures, skipped } = this;
    writeFileSync(
      process.env.IXHA_COUNTS_FILE ?? 'counts.json',
      JSON.stringify({ passed, failures, skipped }),
    );
  }
}

function nameOf(test) {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function firstLine(errors) {
  return String(errors?.[0]?.message ?? 'no message').split('\n')[0];
}
