// The Google Workspace simulator as a program of its own.
import { runProgram } from '../program.ts';
import { startGoogleSimulator } from './server.ts';

await runProgram({
  vendor: 'google',
  options: {
    'delegate-delay-ms': 'how long a mail delegate that was made or removed takes to be seen; 0 if absent',
    'reactivation-delay-ms': 'how long an account takes to work again after a suspension; 0 if absent',
    'transfer-ms': 'how long a data transfer runs; 0 if absent',
  },
  start: (ports, given) =>
    startGoogleSimulator({
      ...ports,
      delays: {
        delegateMs: Number(given['delegate-delay-ms'] ?? 0),
        reactivationMs: Number(given['reactivation-delay-ms'] ?? 0),
        transferRunMs: Number(given['transfer-ms'] ?? 0),
      },
    }),
  settings: (google) => ({
    GOOGLE_SERVICE_ACCOUNT_KEY: google.serviceAccountKey,
    GOOGLE_ADMIN_EMAIL: google.adminEmail,
    GOOGLE_API_URL: google.url,
    GOOGLE_TOKEN_URL: google.tokenUrl,
  }),
});
