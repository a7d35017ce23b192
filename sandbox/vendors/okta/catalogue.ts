// Names of the groups, apps and OAuth clients that the people of acme.test have in Okta, by id.

export const GROUPS: Readonly<Record<string, string>> = {
  '00gEveryone000000001': 'Everyone',
  '00gEngineering000001': 'Engineering',
  '00gOnCall00000000001': 'On-call',
  '00gDesign00000000001': 'Design',
};

export const APPS: Readonly<Record<string, { readonly name: string; readonly label: string }>> = {
  '0oaSlack000000000001': { name: 'slack', label: 'Slack' },
  '0oaGoogle00000000001': { name: 'google', label: 'Google Workspace' },
  '0oaGithub00000000001': { name: 'github_enterprise', label: 'GitHub' },
};

export const OAUTH_CLIENTS: Readonly<Record<string, string>> = {
  '0oaMailClient0000001': 'Acme Mail',
  '0oaWikiClient0000001': 'Acme Wiki',
};
