// Prints the test files that were red, one a line, from vitest's JSON report; nothing where the report is not one.
import { readFileSync } from 'node:fs';
import path from 'node:path';

try {
  const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  for (const { name, status } of testResults) if (status !== 'passed') console.log(path.relative(process.cwd(), name));
} catch {
  // No report: the run itself broke, and nothing is played again.
}
