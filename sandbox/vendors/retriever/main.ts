// The Retriever simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startRetrieverSimulator } from './server.ts';

await runProgram({
  vendor: 'retriever',
  start: startRetrieverSimulator,
  settings: (retriever) => ({ RETRIEVER_URL: retriever.url, RETRIEVER_API_KEY: retriever.apiKey }),
});
